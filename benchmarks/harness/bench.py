"""Measures Fluxy beside a plain Jetty loop, in one run, and prints one table. See ../README.md."""

import argparse
import collections
import json
import os
import statistics
import subprocess
import sys
import tempfile

import machine
import report
import servers
import wsload
from machine import Unusable, say

WORKLOADS = ("W1", "W2", "W1-calm", "W3", "W4", "W5")
W1 = {"rooms": 1, "members": 1000, "window": 8}
W2 = {"rooms": 200, "members": 5, "window": 2}
CALM = {"rooms": 1, "members": 1000, "rate": 5}
IDLE = {"rooms": 1000, "members": 10}
PURE_APPEND = {"rooms": 200, "members": 1, "window": 16}


class Bench:
    """What every measurement needs to know."""

    def __init__(self, options, tmp):
        self.tmp = tmp
        self.rounds = options.rounds
        self.warm = options.warm
        self.dur = options.dur
        self.quick = options.quick
        self.jdk = options.jdk or machine.newest_jdk()
        self.java = os.path.join(self.jdk, "bin/java")
        self.java_options = options.java.split()
        self.wsload = machine.build_generator(machine.from_root(options.loadgen), tmp)
        self.jar = machine.build_fluxy(options.jar)
        self.peers = None

    def new_folder(self):
        return tempfile.mkdtemp(dir=self.tmp)


def options():
    parser = argparse.ArgumentParser(
        prog="benchmarks/run", description="Measures Fluxy beside a plain Jetty loop and prints a table.")
    parser.add_argument("workloads", nargs="*", metavar="W1 W2 W1-calm W3 W4 W5", help="default: all")
    parser.add_argument("--peers", default="../shared/peers/diy-jetty", metavar="DIR", help="the Jetty loops")
    parser.add_argument("--loadgen", default="../shared/loadgen", metavar="DIR", help="the load generator")
    parser.add_argument("--rounds", type=int, metavar="N", help="of which the median counts (default 3)")
    parser.add_argument("--warm", type=float, metavar="S", help="seconds before measuring (default 30)")
    parser.add_argument("--dur", type=float, metavar="S", help="seconds measured (default 10)")
    parser.add_argument("--quick", action="store_true", help="one round of 2 + 3 s: does it work at all?")
    parser.add_argument("--jdk", metavar="DIR", help="for all servers (default: newest under /usr/lib/jvm)")
    parser.add_argument("--java", default="", metavar="OPTIONS", help="further JVM options, for all servers")
    parser.add_argument("--jar", metavar="FILE", help="another quickstart.jar, such as an older one")
    parser.add_argument("--tmp", metavar="DIR", help="where databases are written; must be a real disk")
    parser.add_argument("--out", metavar="FILE",
                        help="also write the table there (a whole run writes benchmarks/RESULTS.md)")
    chosen = parser.parse_args()
    names = {name.lower(): name for name in WORKLOADS}
    for word in chosen.workloads:
        if word.lower() not in names:
            parser.error("no workload %s; there are %s" % (word, " ".join(WORKLOADS)))
    chosen.workloads = [names[word.lower()] for word in chosen.workloads] or list(WORKLOADS)
    chosen.rounds = chosen.rounds or (1 if chosen.quick else 3)
    chosen.warm = chosen.warm or (2 if chosen.quick else 30)
    chosen.dur = chosen.dur or (3 if chosen.quick else 10)
    whole = not chosen.quick and not chosen.jar and set(chosen.workloads) == set(WORKLOADS)
    if whole and not chosen.out:
        chosen.out = os.path.join(machine.HERE, "RESULTS.md")
    return chosen


class Runs:
    """The rounds of one server under one workload."""

    def __init__(self):
        self.results = []
        self.voided = []

    def median(self, name):
        values = self.each(name)
        return statistics.median(values) if values and not self.voided else None

    def each(self, name):
        return [result[name] for result in self.results if name in result]

    def doubts(self):
        return sorted({doubt for result in self.results for doubt in wsload.doubts(result)})


def in_rounds(bench, label, subjects, measure):
    """Lets the servers take turns, so that what disturbs the machine disturbs all of them."""
    runs = collections.defaultdict(Runs)
    for number in range(1, bench.rounds + 1):
        for subject in subjects:
            say_where = "%-8s round %d/%d  %-26s" % (label, number, bench.rounds, subject.name)
            try:
                result = measure(subject)
                runs[subject.name].results.append(result)
                say(say_where + shown(result))
                for doubt in wsload.doubts(result):
                    say("  warning: " + doubt)
            except (wsload.Voided, RuntimeError, OSError) as reason:
                runs[subject.name].voided.append(str(reason))
                say(say_where + "VOID: " + str(reason))
    return runs


def shown(result):
    names = ("srv_cpu_s_per_M", "deliveries_per_s", "kib_per_conn", "connect_s", "req_per_s", "p50_ms", "p99_ms")
    return "  ".join("%s %s" % (name, result[name]) for name in names if name in result)


def fanout(bench, shape):
    def measure(subject):
        with subject.start(shape["rooms"]) as server:
            return wsload.run(bench, server, "fanout", warm=bench.warm, dur=bench.dur, **shape)

    return measure


def idle(bench):
    def measure(subject):
        with subject.start(IDLE["rooms"]) as server:
            result = wsload.run(bench, server, "idle", dur=bench.dur, **IDLE)
        # wsload's own figure starts when Fluxy has made the rooms, and memory it took for that serves it again.
        result["kib_per_conn"] = round((result["rss_end_kib"] - server.bare_kib) / result["conns"], 2)
        return result

    return measure


def pages(bench):
    """W4: the same room asked in process and, on the same file, over HTTP."""
    folder = bench.new_folder()
    project = servers.bench_config(folder)
    database = os.path.join(folder, "pages.db")
    messages = 10_000 if bench.quick else 100_000
    classes = os.path.join(folder, "classes")
    machine.build(
        [os.path.join(bench.jdk, "bin/javac"), "-nowarn", "-d", classes, "-cp", bench.jar,
         os.path.join(machine.HERE, "src/Pages.java")], folder, "src/Pages.java")
    done = subprocess.run(
        machine.pinned(machine.SERVER_CORE, [
            bench.java, *bench.java_options, machine.HEAP, "-cp", bench.jar + os.pathsep + classes, "Pages",
            database, project["apiKey"], project["jwtSecret"], str(messages)]),
        cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        say("W4 in process: VOID: " + done.stderr[-500:])
        return {"messages": messages, "void": done.stderr.strip()[-300:]}
    found = {"messages": messages, "process": json.loads(done.stdout.splitlines()[-1])}
    say("W4 in process: " + json.dumps(found["process"]))
    keep = {"apiKey": project["apiKey"], "folder": folder, "file": database}
    fluxy = servers.Fluxy("Fluxy, SQLite", bench, "sqlite")
    before = "&before=" + found["process"]["middle_iso"]
    found["http"] = {}
    for what, path in (("newest", ""), ("middle", before)):
        def measure(subject):
            with subject.start(0, keep=keep) as server:
                return wsload.run(
                    bench, server, "http", conns=8, warm=bench.warm, dur=bench.dur,
                    path="/api/messages?roomId=r00000&limit=50" + path)

        found["http"][what] = in_rounds(bench, "W4 " + what, [fluxy], measure)[fluxy.name]
    return found


def measure_all(bench, workloads):
    loop = servers.Loop("plain Jetty loop", bench, "DiyJetty")
    raw = servers.Loop("Jetty, coalesced by hand", bench, "DiyJettyCore", "-Dfan=raw")
    memory = servers.Fluxy("Fluxy, memory", bench, "memory")
    sqlite = servers.Fluxy("Fluxy, SQLite", bench, "sqlite")
    h2 = servers.Fluxy("Fluxy, H2", bench, "h2")
    plan = {
        "W1": ([loop, raw, memory, sqlite], fanout(bench, W1)),
        "W2": ([loop, raw, memory, sqlite, h2], fanout(bench, W2)),
        "W1-calm": ([loop, sqlite], fanout(bench, CALM)),
        "W3": ([loop, sqlite], idle(bench)),
        "W5": ([sqlite], fanout(bench, PURE_APPEND)),
    }
    found = {}
    for name in workloads:
        if name == "W4":
            found[name] = pages(bench)
            continue
        subjects, measure = plan[name]
        if bench.peers is None:
            subjects = [subject for subject in subjects if not isinstance(subject, servers.Loop)]
        found[name] = in_rounds(bench, name, subjects, measure)
    if "W5" in found:
        found["W5 told"] = found.get("W2") or in_rounds(bench, "W5 told", [sqlite], fanout(bench, W2))
    return found


def main():
    chosen = options()
    machine.prepare()
    with machine.temporary_folder(chosen.tmp) as tmp:
        bench = Bench(chosen, tmp)
        if any(name != "W4" for name in chosen.workloads):
            bench.peers = machine.build_peers(machine.from_root(chosen.peers), tmp, bench.jdk)
            if bench.peers is None:
                say("warning: no Jetty loop at %s, so no ratios; see --peers" % chosen.peers)
        text = report.markdown(bench, measure_all(bench, chosen.workloads))
    print(text)
    if chosen.out:
        with open(chosen.out, "w") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    try:
        main()
    except Unusable as reason:
        say("benchmarks/run: %s" % reason)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
