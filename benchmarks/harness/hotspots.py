"""Shows where Fluxy spends CPU time and memory under a workload, by sampling it. See ../README.md."""

import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import time

import bench as benchmark
import machine
import servers
import wsload
from machine import Unusable, say

SHAPES = {
    "W1": benchmark.W1,
    "W2": benchmark.W2,
    "W1-calm": benchmark.CALM,
    "W5": benchmark.PURE_APPEND,
}
OURS = "io.fluxy."
LEAVES = 40
STACKS = 15
STACK_FRAMES = 12
# The first is exact, native code included, but only newer JDKs have it; the others see Java and native code apart.
EXACT = "jdk.CPUTimeSample"
COARSE = ("jdk.ExecutionSample", "jdk.NativeMethodSample")
ALLOCATION = "jdk.ObjectAllocationSample"
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def options():
    parser = argparse.ArgumentParser(
        prog="benchmarks/profile", description="Samples Fluxy under a workload and prints where time and memory go.")
    parser.add_argument("workload", choices=sorted(SHAPES))
    parser.add_argument("database", nargs="?", default="memory", choices=("memory", "sqlite", "h2"))
    parser.add_argument("--warm", type=float, default=15, metavar="S", help="seconds before sampling")
    parser.add_argument("--dur", type=float, default=20, metavar="S", help="seconds of sampling")
    parser.add_argument("--keep", metavar="FILE", help="keep the recording, for JDK Mission Control or jfr view")
    parser.add_argument("--loadgen", default="../shared/loadgen", metavar="DIR")
    parser.add_argument("--jdk", metavar="DIR")
    parser.add_argument("--java", default="", metavar="OPTIONS", help="further JVM options")
    parser.add_argument("--jar", metavar="FILE")
    parser.add_argument("--tmp", metavar="DIR")
    chosen = parser.parse_args()
    chosen.rounds, chosen.quick = 1, False
    return chosen


# What the kernel knows: CPU seconds of each thread, and system calls.


def thread_seconds(pid):
    """Seconds in user and kernel mode by kind of thread, numbers left out of its name."""
    seconds = {}
    for task in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/stat" % (pid, task)) as file:
                stat = file.read()
        except OSError:
            continue  # it has ended
        name = re.sub(r"[#\d]+", "", stat[stat.index("(") + 1:stat.rindex(")")]).strip("- ")
        fields = stat[stat.rindex(")") + 2:].split()
        user, kernel = seconds.get(name, (0, 0))
        seconds[name] = (user + int(fields[11]) / TICKS_PER_S, kernel + int(fields[12]) / TICKS_PER_S)
    return seconds


def system_calls(pid):
    with open("/proc/%d/io" % pid) as file:
        return {name: int(value) for name, value in (line.split(": ") for line in file)}


class Snapshot:
    def __init__(self, pid):
        self.at = time.monotonic()
        self.threads = thread_seconds(pid)
        self.io = system_calls(pid)


def writes(before, after, result):
    deliveries = result["deliveries_per_s"] * (after.at - before.at)
    calls = {name: after.io[name] - before.io[name] for name in after.io}
    print("%.1f deliveries per write call, %.0f bytes per delivery; %.2f reads per message\n" % (
        deliveries / max(1, calls["syscw"]), calls["wchar"] / deliveries,
        calls["syscr"] / (result["msgs_per_s"] * (after.at - before.at))))


def threads(before, after, dur, result):
    deliveries = result["deliveries_per_s"] * dur / 1e6
    print("## CPU seconds by kind of thread, in %.0f s\n" % dur)
    print("    user  kernel  per million deliveries")
    rows = []
    for name, (user, kernel) in after.items():
        before_user, before_kernel = before.get(name, (0, 0))
        rows.append((user - before_user, kernel - before_kernel, name))
    for user, kernel, name in sorted(rows, key=lambda row: -row[0] - row[1])[:12]:
        if user + kernel > 0:
            print("  %6.2f  %6.2f  %6.2f  %s" % (user, kernel, (user + kernel) / deliveries, name))
    print()


# What the JVM knows: samples.


def events(jdk, recording, names):
    done = subprocess.run(
        [os.path.join(jdk, "bin/jfr"), "print", "--json", "--stack-depth", "64", "--events", ",".join(names),
         recording], capture_output=True, text=True)
    if done.returncode != 0:
        return []
    return json.loads(done.stdout)["recording"]["events"]


def frames(event):
    """Method names, innermost first; without generated frames."""
    stack = (event["values"].get("stackTrace") or {}).get("frames") or []
    found = []
    for frame in stack:
        owner = frame["method"]["type"]["name"].replace("/", ".")
        name = owner + "." + frame["method"]["name"]
        if "$$Lambda" not in name:
            found.append(re.sub(r"lambda\$(\w+)\$\d+", r"\1{}", name))
    return found


def ours(stack):
    """The innermost frame of Fluxy: whose doing it is."""
    return next((frame for frame in stack if frame.startswith(OURS)), "(not Fluxy: %s)" % outermost(stack))


def outermost(stack):
    known = [frame for frame in stack if not frame.startswith("java.lang.Thread.")]
    return ".".join(known[-1].split(".")[-2:]) if known else "?"


def share(counter, title, most, total):
    print("## %s\n" % title)
    for what, weight in counter.most_common(most):
        print("  %5.1f %%  %s" % (100 * weight / total, what))
    print()


def cpu(jdk, recording):
    samples = events(jdk, recording, [EXACT])
    kind = EXACT
    if not samples:
        samples = events(jdk, recording, COARSE)
        kind = " and ".join(COARSE)
    stacks = [stack for stack in map(frames, samples) if stack]
    if not stacks:
        print("no CPU samples\n")
        return
    leaves, doing, under, whole = (collections.Counter() for _ in range(4))
    for stack in stacks:
        leaves[stack[0]] += 1
        doing[ours(stack)] += 1
        under.update({frame for frame in stack if frame.startswith(OURS)})
        whole["\n           ".join(stack[:STACK_FRAMES])] += 1
    print("%d CPU samples (%s)\n" % (len(stacks), kind))
    share(leaves, "Leaf frames: where the CPU was", LEAVES, len(stacks))
    share(doing, "Innermost frame of Fluxy: whose doing it was", LEAVES, len(stacks))
    share(under, "Fluxy's methods with all they call", LEAVES, len(stacks))
    share(whole, "Stacks, innermost first", STACKS, len(stacks))


def allocation(jdk, recording, dur, result):
    samples = events(jdk, recording, [ALLOCATION])
    types, doing = collections.Counter(), collections.Counter()
    known = set()
    for sample in sorted(samples, key=lambda sample: sample["values"]["startTime"]):
        thread = (sample["values"].get("eventThread") or {}).get("javaThreadId")
        if thread not in known:
            known.add(thread)  # its first sample stands for all since the thread began
            continue
        stack = frames(sample)
        weight = sample["values"]["weight"]
        name = sample["values"]["objectClass"]["name"].replace("/", ".")
        types[name] += weight
        doing["%-34s %s" % (name.split(".")[-1], ours(stack))] += weight
    total = sum(types.values())
    if not total:
        print("no allocation samples\n")
        return
    messages = result["msgs_per_s"] * dur
    deliveries = result["deliveries_per_s"] * dur
    print("%d allocation samples, about %.0f MB/s: %.0f bytes per message, %.0f per delivery\n" % (
        len(samples), total / dur / 1e6, total / messages, total / deliveries))
    share(types, "Allocated types, by bytes", 20, total)
    share(doing, "Allocated type and innermost frame of Fluxy, by bytes", LEAVES, total)


def collections_of_garbage(jdk, recording):
    found = events(jdk, recording, ["jdk.GarbageCollection"])
    pauses = [float(e["values"]["sumOfPauses"].strip("PTS")) for e in found]
    names = collections.Counter(e["values"]["name"] for e in found)
    print("garbage collections: %s, %.2f s of pauses\n" % (dict(names), sum(pauses)))


# The run.


def jcmd(bench, pid, *words):
    done = subprocess.run(
        [os.path.join(bench.jdk, "bin/jcmd"), str(pid), *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)


def sampled(bench, chosen, server, recording):
    """Loads the server, and records it once it is warm."""
    shape = SHAPES[chosen.workload]
    words = [bench.wsload, "--adapter", server.adapter, "--port", server.port, "--pid", server.pid, "--mode",
             "fanout", "--warm", chosen.warm, "--dur", chosen.dur + 2]
    for name, value in shape.items():
        words += ["--" + name, value]
    load = subprocess.Popen(
        machine.pinned(machine.GENERATOR_CORE, [str(word) for word in words]), stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(chosen.warm + 2)
        jcmd(bench, server.pid, "JFR.start", "name=bench", "settings=profile", "filename=" + recording,
             EXACT + "#enabled=true", EXACT + "#throttle=5ms", ALLOCATION + "#throttle=2000/s")
        before = Snapshot(server.pid)
        time.sleep(chosen.dur - 1)
        after = Snapshot(server.pid)
        jcmd(bench, server.pid, "JFR.stop", "name=bench")
        text = load.communicate()[0]
    finally:
        if load.poll() is None:
            load.kill()
    if load.returncode != 0:
        raise RuntimeError("wsload failed")
    return json.loads(text), before, after


def main():
    chosen = options()
    machine.prepare()
    with machine.temporary_folder(chosen.tmp) as tmp:
        bench = benchmark.Bench(chosen, tmp)
        recording = os.path.join(tmp, "fluxy.jfr")
        fluxy = servers.Fluxy("Fluxy", bench, chosen.database)
        # Places between safepoints count too; and allocation is sampled once per buffer, so buffers are small.
        jvm = ("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints", "-XX:TLABSize=32k", "-XX:-ResizeTLAB")
        with fluxy.start(SHAPES[chosen.workload]["rooms"], jvm=jvm) as server:
            result, before, after = sampled(bench, chosen, server, recording)
        print("# %s on %s: %.2f CPU s per million deliveries, %.0f deliveries/s, p99 %.2f ms\n" % (
            chosen.workload, chosen.database, result["srv_cpu_s_per_M"], result["deliveries_per_s"],
            result["p99_ms"]))
        faults = {name: result[name] for name in wsload.FAULTS if result.get(name)}
        if faults:
            print("**FAULTS** %s\n" % faults)
        took = after.at - before.at
        writes(before, after, result)
        threads(before.threads, after.threads, took, result)
        cpu(bench.jdk, recording)
        allocation(bench.jdk, recording, took, result)
        collections_of_garbage(bench.jdk, recording)
        if chosen.keep:
            shutil.copyfile(recording, chosen.keep)


if __name__ == "__main__":
    try:
        main()
    except (Unusable, RuntimeError) as reason:
        say("benchmarks/profile: %s" % reason)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
