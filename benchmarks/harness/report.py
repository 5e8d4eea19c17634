"""Turns figures into one table."""

import datetime
import os
import platform
import subprocess

import machine

HEAD = ("workload", "server", "figure", "of the loop's", "target", "", "rounds", "deliveries/s", "p50 ms", "p99 ms")
LOOP = "plain Jetty loop"

# Target ratios of CPU seconds per million deliveries to the plain loop's.
RATIOS = {("W1", "Fluxy, SQLite"): 0.2, ("W2", "Fluxy, memory"): 0.5, ("W2", "Fluxy, SQLite"): 0.85}
CALM_P99_RATIO = 1.5
IDLE_KIB = 24
PAGE_US = 1_000
DURABLE_PER_S = 10_000


def markdown(bench, found):
    table = Table()
    for name, shape in (("W1", "one room, 1,000 members"), ("W2", "200 rooms of 5 members")):
        if name in found:
            fanout(table, name, shape, found[name])
    if "W1-calm" in found:
        calm(table, found["W1-calm"])
    if "W3" in found:
        idle(table, found["W3"])
    if "W4" in found:
        pages(table, found["W4"])
    if "W5" in found:
        durable(table, found)
    return "\n".join([*preface(bench), "", *table.lines(), "", *table.notes(), *MEANING])


class Table:
    def __init__(self):
        self._rows = []
        self._notes = []

    def row(self, workload, server, figure="", ratio="", target="", verdict="", rounds="", *rest):
        cells = [workload, server, figure, ratio, target, verdict, rounds, *rest]
        self._rows.append(cells + [""] * (len(HEAD) - len(cells)))

    def note(self, text):
        self._notes.append("- " + text)

    def lines(self):
        widths = [max(len(row[i]) for row in [HEAD, *self._rows]) for i in range(len(HEAD))]
        rows = [HEAD, ["-" * width for width in widths], *self._rows]
        return ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths)) + " |" for row in rows]

    def notes(self):
        return [*self._notes, ""] if self._notes else []


def fanout(table, name, shape, servers):
    loop = servers[LOOP].median("srv_cpu_s_per_M") if LOOP in servers else None
    for server, runs in servers.items():
        if void(table, name + ": " + shape, server, runs):
            continue
        cpu = runs.median("srv_cpu_s_per_M")
        ratio = cpu / loop if loop else None
        target = RATIOS.get((name, server))
        table.row(
            name + ": " + shape, server, "%.2f CPU s/M" % cpu, number(ratio, "%.2f"),
            "at most %.2f" % target if target else "",
            verdict(ratio is not None and ratio <= target) if target and ratio is not None else "",
            spread(runs, "srv_cpu_s_per_M", "%.2f"), *live(runs))


def calm(table, servers):
    loop = servers[LOOP].median("p99_ms") if LOOP in servers else None
    for server, runs in servers.items():
        if void(table, "W1-calm: 5 messages/s", server, runs):
            continue
        p99 = runs.median("p99_ms")
        ours = server != LOOP
        ratio = p99 / loop if loop else None
        table.row(
            "W1-calm: 5 messages/s", server, "%.2f ms p99" % p99, number(ratio, "%.2f"),
            "at most %.1f" % CALM_P99_RATIO if ours else "",
            verdict(ratio <= CALM_P99_RATIO) if ours and ratio is not None else "",
            spread(runs, "p99_ms", "%.2f"), *live(runs))


def idle(table, servers):
    loop = servers[LOOP].median("kib_per_conn") if LOOP in servers else None
    for server, runs in servers.items():
        if void(table, "W3: 10,000 idle connections", server, runs):
            continue
        kib = runs.median("kib_per_conn")
        ours = server != LOOP
        table.row(
            "W3: 10,000 idle connections", server, "%.1f KiB each" % kib, number(loop and kib / loop, "%.2f"),
            "at most %d KiB" % IDLE_KIB if ours else "", verdict(kib <= IDLE_KIB) if ours else "",
            spread(runs, "kib_per_conn", "%.1f"))
        total = runs.median("rss_end_kib") / runs.median("conns")
        table.note(
            "W3, %s: %.1f KiB each with the bare server's own memory; all connected in %.1f s; "
            "%.3f CPUs busy while idle." % (server, total, runs.median("connect_s"), runs.median("idle_cpu_util")))


def pages(table, found):
    workload = "W4: 50 of {:,} messages".format(found["messages"])
    if "void" in found:
        table.row(workload, "Fluxy, SQLite, in process", "**VOID**")
        table.note("**VOID** W4 in process: " + found["void"].replace("\n", " "))
        return
    process = found["process"]
    if process["bad"]:
        table.note("**VOID** W4 in process: %d pages were wrong." % process["bad"])
    for key, what in (("newest", "newest"), ("middle", "middle, by seq"), ("middle_by_time", "middle, by time")):
        took = process[key]
        table.row(
            workload, "in process, " + what, "**VOID**" if process["bad"] else "%.0f µs" % took["p50_us"], "",
            "at most %d µs" % PAGE_US, verdict(took["p50_us"] <= PAGE_US and not process["bad"]), "", "",
            "%.3f" % (took["p50_us"] / 1e3), "%.3f" % (took["p99_us"] / 1e3))
    table.note("W4: the room was filled in process with %s posts/s, 512 in flight." % process["fill_per_s"])
    for what, runs in found["http"].items():
        if void(table, workload, "over HTTP, " + what, runs):
            continue
        table.row(
            workload, "over HTTP, " + what, "{:,.0f} pages/s".format(runs.median("req_per_s")), "", "", "",
            spread(runs, "req_per_s", "%.0f"), "", "%.3f" % runs.median("p50_ms"), "%.3f" % runs.median("p99_ms"))


def durable(table, found):
    sqlite = "Fluxy, SQLite"
    for workload, servers, members in (
            ("W5: 200 rooms of 5 members", found["W5 told"], 5), ("W5: 200 rooms of 1 member", found["W5"], 1)):
        if void(table, workload, sqlite, servers[sqlite]):
            continue
        runs = servers[sqlite]
        rates = ["%.0f" % (rate / members) for rate in runs.each("deliveries_per_s")]
        rate = runs.median("deliveries_per_s") / members
        table.row(
            workload, sqlite, "{:,.0f} acks/s".format(rate), "", "at least {:,}".format(DURABLE_PER_S),
            verdict(rate >= DURABLE_PER_S), " ".join(rates), *live(runs))


def void(table, workload, server, runs):
    """Says so if a figure counts for nothing; notes what else is doubtful."""
    for doubt in runs.doubts():
        table.note("%s, %s: %s." % (workload.split(":")[0], server, doubt))
    if not runs.voided:
        return False
    table.row(workload, server, "**VOID**")
    for reason in runs.voided:
        table.note("**VOID** %s, %s: %s" % (workload, server, reason.replace("\n", " ")))
    return True


def live(runs):
    return ("{:,.0f}".format(runs.median("deliveries_per_s")), "%.2f" % runs.median("p50_ms"),
            "%.2f" % runs.median("p99_ms"))


def spread(runs, name, form):
    return " ".join(form % value for value in runs.each(name))


def number(value, form):
    return form % value if value is not None else ""


def verdict(met):
    return "met" if met else "**missed**"


def preface(bench):
    done = subprocess.run(
        ["git", "-C", machine.ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True)
    processors = [
        line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return [
        "# Benchmark results",
        "",
        "Written by `benchmarks/run`; see [README](README.md).",
        "",
        "- " + datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
        + ", commit " + (done.stdout.strip() or "unknown"),
        "- %s %s, %d CPUs (%s)" % (
            platform.system(), platform.release(), os.cpu_count(), processors[0] if processors else "unknown"),
        "- all servers on %s, `%s`" % (
            machine.jdk_version(bench.jdk), " ".join([*bench.java_options, machine.HEAP])),
        "- %d rounds, %g s of warming up, %g s measured; the median counts; server on core %s, generator on core %s" % (
            bench.rounds, bench.warm, bench.dur, machine.SERVER_CORE, machine.GENERATOR_CORE),
    ]


MEANING = [
    "CPU s/M: CPU seconds of the server per million deliveries; a delivery is one message received by one member. Fluxy "
    "on SQLite and H2 has",
    "every message on disk before anybody hears it; the loops store nothing. W3: resident memory above the bare server's, "
    "per connection.",
]
