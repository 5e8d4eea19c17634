"""W1 and W2 with Pusher's clients, beside FluxyChat's of the same jar. See ../README.md."""

import argparse
import os
import sys
import tempfile

import bench
import machine
import servers


class Pusher:
    """Members that subscribe to a private channel and send client events, which are told and not kept."""

    name = "Pusher's wire"
    SECRET = "app-secret"

    def __init__(self, plan):
        self._plan = plan

    def start(self, rooms):
        return servers._Running(self._plan, self._command, self._join)

    def _command(self, folder):
        return [self._plan.java, *self._plan.java_options, machine.HEAP, "-cp", self._plan.jar,
                "benchmarks/src/PusherServer.java", self.SECRET], machine.ROOT

    def _join(self, server, folder):
        server.may_stall = False
        server.port = int(server.ready.rsplit(":", 1)[1])
        server.adapter = os.path.join(folder, "pusher.adapter")
        with open(server.adapter, "w") as file:
            file.write(
                "name pusher\n"
                "path /app/app-key?protocol=7&client=js&version=8.4.0\n"
                r'join capture sid socket_id\\":\\"' "\n"
                'join send {"event":"pusher:subscribe","data":{"channel":"private-{room}",'
                '"auth":"app-key:{hmac:%s|{var:sid}:private-{room}|}"}}\n'
                "join expect subscription_succeeded\n"
                'keepalive 60 {"event":"pusher:ping","data":{}}\n'
                "echo 0\n"
                'publish {"event":"client-message","channel":"private-{room}",'
                '"data":{"user":"{user}","content":"{msg}"}}\n' % self.SECRET)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/pusher", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--warm", type=float, default=30, metavar="S")
    parser.add_argument("--dur", type=float, default=10, metavar="S")
    parser.add_argument("--jar", metavar="FILE")
    parser.add_argument("--loadgen", default="../shared/loadgen", metavar="DIR")
    chosen = parser.parse_args()
    chosen.quick, chosen.jdk, chosen.java = False, "", ""
    with tempfile.TemporaryDirectory(prefix="fluxy-bench-", dir=machine.ROOT) as tmp:
        plan = bench.Bench(chosen, tmp)
        fluxy = servers.Fluxy("FluxyChat's wire", plan, "memory")
        pusher = Pusher(plan)
        print("| | FluxyChat's wire | Pusher's wire | ratio | target |\n|---|---|---|---|---|")
        for label, shape in (("W1", bench.W1), ("W2", bench.W2)):
            runs = bench.in_rounds(plan, label, [fluxy, pusher], bench.fanout(plan, shape))
            ours, theirs = (runs[each.name].median("srv_cpu_s_per_M") for each in (fluxy, pusher))
            ratio = "%.2f" % (theirs / ours) if ours and theirs else "void"
            print("| %s | %s | %s | %s | 1.3 |" % (label, ours, theirs, ratio), flush=True)


if __name__ == "__main__":
    try:
        main()
    except machine.Unusable as reason:
        print(reason, file=sys.stderr)
        sys.exit(2)
