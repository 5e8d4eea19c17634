"""What is measured with: the JDK, the build, child processes on cores of their own, a temporary folder."""

import ctypes
import glob
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, "benchmarks")
SERVER_CORE = "0"
GENERATOR_CORE = "1"
HEAP = "-Xmx2g"


class Unusable(Exception):
    """The benchmark can't run at all; the message says why."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def prepare():
    """Ends cleanly on SIGTERM, so that children and files go too; lets children open many sockets."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if os.sched_getaffinity(0) < {int(SERVER_CORE), int(GENERATOR_CORE)}:
        raise Unusable("needs cores %s and %s" % (SERVER_CORE, GENERATOR_CORE))
    if not shutil.which("taskset"):
        raise Unusable("needs taskset (util-linux)")


def temporary_folder(parent):
    folder = tempfile.TemporaryDirectory(prefix="fluxy-bench-", dir=parent)
    kind = subprocess.run(
        ["stat", "-f", "-c", "%T", folder.name], capture_output=True, text=True).stdout.strip()
    if kind in ("tmpfs", "ramfs"):
        say("warning: %s is in memory (%s), so durable figures mean nothing; see --tmp" % (folder.name, kind))
    return folder


def from_root(path):
    return path if os.path.isabs(path) else os.path.normpath(os.path.join(ROOT, path))


# The JDK.


def newest_jdk():
    """The folder of the newest JDK under /usr/lib/jvm: both sides of a comparison run on it."""
    found = {}
    for release in glob.glob("/usr/lib/jvm/*/release"):
        home = os.path.dirname(release)
        version = re.search(r'JAVA_VERSION="(\d+)([^"]*)"', open(release).read())
        if version and os.access(os.path.join(home, "bin/javac"), os.X_OK):
            found[int(version.group(1))] = home
    if not found or max(found) < 21:
        raise Unusable("needs a JDK of version 21 or later under /usr/lib/jvm, or --jdk DIR")
    return found[max(found)]


def jdk_version(jdk):
    lines = subprocess.run(
        [os.path.join(jdk, "bin/java"), "-version"], capture_output=True, text=True).stderr.splitlines()
    return lines[1] if len(lines) > 1 else "unknown"


# What has to be built.


def build(command, cwd, what):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Unusable("%s does not build:\n%s" % (what, done.stdout[-2000:]))


def build_generator(source, tmp):
    """Returns the load generator, built in a copy of its folder."""
    if not os.path.isfile(os.path.join(source, "wsload.c")):
        raise Unusable("no load generator at %s; see --loadgen" % source)
    copy = shutil.copytree(source, os.path.join(tmp, "loadgen"))
    build(["make", "-s", "wsload"], copy, "the load generator")
    return os.path.join(copy, "wsload")


def build_peers(source, tmp, jdk):
    """Returns the folder of the plain Jetty loops, built in a copy; None if there are none."""
    if not os.path.isdir(source):
        return None
    copy = shutil.copytree(source, os.path.join(tmp, "peers"))
    core = os.path.join(copy, "src", "DiyJettyCore.java")
    with open(core) as file:
        text = file.read()
    with open(core, "w") as file:  # its port is fixed, and may be taken
        file.write(text.replace("c.setPort(9012)", 'c.setPort(Integer.getInteger("port", 9012))'))
    mvnw = os.path.join(ROOT, "mvnw")
    build(
        [mvnw, "-q", "-f", os.path.join(copy, "pom.xml"), "dependency:copy-dependencies",
         "-DoutputDirectory=lib"], copy, "the Jetty loop")
    build(
        [os.path.join(jdk, "bin/javac"), "-nowarn", "-d", "classes", "-cp", "lib/*",
         *sorted(glob.glob(os.path.join(copy, "src", "*.java")))], copy, "the Jetty loop")
    return copy


def build_fluxy(jar):
    """Returns the quickstart's jar, built if there is none."""
    if jar:
        if not os.path.isfile(jar):
            raise Unusable("no such file: " + jar)
        return os.path.abspath(jar)
    jar = os.path.join(ROOT, "examples/quickstart/target/quickstart.jar")
    if not os.path.isfile(jar):
        say("building the quickstart ...")
        build([os.path.join(ROOT, "mvnw"), "-q", "-Pquick", "package", "-DskipTests"], ROOT, "Fluxy")
    if not os.path.isfile(jar):
        raise Unusable("the build has made no " + os.path.relpath(jar, ROOT))
    newest = max(
        (os.path.getmtime(s) for s in glob.glob(os.path.join(ROOT, "**/src/main/**/*.java"), recursive=True)),
        default=0)
    if newest > os.path.getmtime(jar):
        say("warning: quickstart.jar is older than the sources; ./mvnw -Pquick package -DskipTests")
    return jar


# Processes.


def pinned(core, command):
    return ["taskset", "-c", core, *command]


def resident_kib(pid):
    with open("/proc/%d/status" % pid) as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1))


def _end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Process:
    """A server on the server's core. A context: it runs within, and has ended after."""

    READY = re.compile(r"^ready (\S+)", re.MULTILINE)

    def __init__(self, command, log, cwd=None):
        self._command = pinned(SERVER_CORE, command)
        self._log = log
        self._cwd = cwd

    def __enter__(self):
        with open(self._log, "wb") as out:
            self._child = subprocess.Popen(
                self._command, cwd=self._cwd, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, preexec_fn=_end_with_parent)
        self.pid = self._child.pid
        try:
            self.ready = self._await_ready()
            self.bare_kib = resident_kib(self.pid)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _await_ready(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = self.READY.search(self.said())
            if found:
                return found.group(1)
            if self._child.poll() is not None:
                raise RuntimeError("did not start: " + self.said()[-500:].strip())
            time.sleep(0.05)
        raise RuntimeError("not ready after 60 s")

    def said(self):
        with open(self._log, errors="replace") as file:
            return file.read()

    def __exit__(self, *_):
        self._child.terminate()
        try:
            self._child.wait(15)
        except subprocess.TimeoutExpired:
            say("warning: process %d did not end within 15 s of SIGTERM" % self.pid)
            self._child.kill()
            self._child.wait()
