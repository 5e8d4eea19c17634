"""The servers that are compared, each started afresh for every figure."""

import http.client
import json
import os
import secrets
import shutil
import socket

from machine import HEAP, Process

PROJECT = "bench"
OWNER = "alice"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Loop:
    """What a team would write itself on Jetty. It stores nothing and knows no user."""

    def __init__(self, name, bench, main, *options):
        self.name = name
        self.database = None
        self._bench = bench
        self._main = main
        self._options = options

    def start(self, rooms):
        return _Running(self._bench, self._command, self._join)

    def _command(self, folder):
        self._port = free_port()
        return [self._bench.java, *self._bench.java_options, HEAP, *self._options, "-Dport=%d" % self._port,
                "-cp", "classes:lib/*", self._main], self._bench.peers

    def _join(self, server, folder):
        server.may_stall = True  # under W2 it does, now and then; without its figure there would be no ratio
        server.port = self._port
        server.adapter = os.path.join(folder, "jetty.adapter")
        with open(server.adapter, "w") as file:
            file.write(
                "name jetty\n"
                "path /ws?room={room}&user={user}\n"
                'publish {"type":"message","clientMessageId":"{user}-{id}","content":"{msg}"}\n')


class Fluxy:
    """The quickstart, as its users start it, on a new database."""

    def __init__(self, name, bench, database):
        self.name = name
        self.database = database
        self._bench = bench

    def start(self, rooms, keep=None, jvm=()):
        """keep: an SQLite file to use instead of a new one; jvm: further options of the JVM."""

        def command(folder):
            self._key = bench_config(folder)["apiKey"] if keep is None else keep["apiKey"]
            config = os.path.join(folder if keep is None else keep["folder"], "config.json")
            database = {
                "memory": "memory",
                "sqlite": "sqlite:" + os.path.join(folder, "bench.db"),
                "h2": "h2:" + os.path.join(folder, "bench"),
            }[self.database] if keep is None else "sqlite:" + keep["file"]
            return [self._bench.java, *self._bench.java_options, HEAP, *jvm, "-jar", self._bench.jar,
                    "--port", "0", "--db", database, "--config", config], folder

        return _Running(self._bench, command, lambda server, folder: self._join(server, folder, rooms))

    def _join(self, server, folder, rooms):
        server.may_stall = False
        server.port = int(server.ready.rsplit(":", 1)[1])
        server.token = _token_and_rooms(server.port, self._key, rooms)
        server.adapter = os.path.join(folder, "fluxy.adapter")
        with open(server.adapter, "w") as file:
            file.write(
                "name fluxy\n"
                "path /ws/room/{room}?replay=off&token=%s\n"
                "header Authorization: Bearer %s\n"
                'publish {"type":"message","content":"{msg}","clientMessageId":"cmsg_{user}_{id}xxxxxxxx"}\n'
                % (server.token, server.token))


def bench_config(folder):
    """Writes a configuration whose limits stay out of the way; returns its project."""
    project = {
        "id": PROJECT,
        "name": "Bench",
        "apiKey": "fc_" + secrets.token_hex(16),
        "jwtSecret": secrets.token_hex(32),
        "limits": {
            "messagesPerMinute": 100_000_000,
            "commandsPerMinute": 100_000_000,
            "tokensPerMinute": 100_000,
        },
    }
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump({"projects": [project]}, file)
    return project


def _token_and_rooms(port, key, rooms):
    api = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def post(path, headers, body):
        api.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = api.getresponse()
        text = answer.read().decode()
        if answer.status // 100 != 2:
            raise RuntimeError("POST %s: %d %s" % (path, answer.status, text[:200]))
        return json.loads(text)

    try:
        minted = post("/auth/token", {"X-Fluxy-Api-Key": key}, {"userId": OWNER, "ttlSeconds": 86_400})
        bearer = {"Authorization": "Bearer " + minted["token"]}
        for number in range(rooms):
            name = "r%05d" % number
            post("/rooms", bearer, {"id": name, "name": name, "type": "group"})
        return minted["token"]
    finally:
        api.close()


class _Running:
    """A process, its folder and its adapter file: there within the context, gone after."""

    def __init__(self, bench, command, join):
        self._bench = bench
        self._command = command
        self._join = join

    def __enter__(self):
        self._folder = self._bench.new_folder()
        command, cwd = self._command(self._folder)
        self._process = Process(command, os.path.join(self._folder, "server.log"), cwd)
        server = self._process.__enter__()
        try:
            self._join(server, self._folder)
        except BaseException:
            self.__exit__()
            raise
        return server

    def __exit__(self, *_):
        self._process.__exit__()
        shutil.rmtree(self._folder, ignore_errors=True)
