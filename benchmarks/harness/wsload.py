"""Runs the load generator and judges what it counted."""

import json
import subprocess

from machine import GENERATOR_CORE, pinned

# Any of these voids a figure: a server that loses or doubles is fast for nothing.
FAULTS = ("lost", "dup", "out_of_order", "rooms_order_differs", "bad", "closed")
STALLS = "stalled"


class Voided(Exception):
    """A measurement that counts for nothing; the message says why."""


def run(bench, server, mode, **options):
    command = [bench.wsload, "--adapter", server.adapter, "--port", server.port, "--pid", server.pid,
               "--mode", mode]
    for name, value in options.items():
        command += ["--" + name, value]
    done = subprocess.run(
        pinned(GENERATOR_CORE, [str(word) for word in command]), capture_output=True, text=True)
    if done.returncode != 0:
        raise Voided("wsload: " + (done.stderr.strip() or "exit %d" % done.returncode)[:300])
    result = json.loads(done.stdout)
    judged = FAULTS if server.may_stall else (*FAULTS, STALLS)
    faults = ["%s %s" % (name, result[name]) for name in judged if result.get(name)]
    if faults:
        raise Voided(", ".join(faults))
    return result


def doubts(result):
    """Why a figure may be less than it seems."""
    found = []
    if result.get(STALLS):
        found.append("%d messages took longer than 3 s and were given up" % result[STALLS])
    if result.get("gen_cpu_util", 0) > 0.95:
        found.append("the generator was busy (%.2f): it measured itself" % result["gen_cpu_util"])
    if result.get("other_cpu_util", 0) > 0.5:
        found.append("others kept %.2f CPUs busy" % result["other_cpu_util"])
    return found
