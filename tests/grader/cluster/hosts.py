"""Hosts of a small network on this machine: network namespaces at one switch, with links that can be cut.

    with Network("head", "left") as (head, left):
        server = head.start("python", "-m", "http.server", "--bind", head.address, log=log)
        left.run("curl", f"http://{head.address}:8000")
        left.cut()

Switch and cables lie in namespaces as well, so no address, route or interface of the machine is touched, and
any address is free. Only root may make them.
"""

import contextlib
import ctypes
import itertools
import os
import re
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

from grader.sandbox import owner, watchdog

PATIENCE = 300.0  # seconds for what should come soon, on a machine that does much else
STEP = 0.02  # seconds between two looks
NAMESPACES = Path("/run/netns")
NSENTER, UNSHARE = shutil.which("nsenter"), shutil.which("unshare")  # a program may have another PATH
#: Files that a host does not have: an empty folder lies over each. What follows `--` is run.
WITHOUT = 'while [ "$1" != -- ]; do mount -t tmpfs nothing "$1" || exit 1; shift; done; shift; exec "$@"'
_numbers = itertools.count()


def ip(*words):
    ended = subprocess.run(["ip", *map(str, words)], capture_output=True, text=True)
    assert ended.returncode == 0, f"ip {' '.join(map(str, words))}: {ended.stderr}"
    return ended.stdout


def until(holds, process=None, why=""):
    """Wait for a condition; it is a mistake that `process` ends before, or that it takes too long."""
    end = time.monotonic() + PATIENCE
    with contextlib.ExitStack() as stack:
        watched = []
        if process is not None and process.poll() is None:
            watched.append(os.pidfd_open(process.pid))
            stack.callback(os.close, watched[0])
        while not (found := holds()):
            ended = process is not None and process.poll() is not None
            assert not ended or holds(), f"ended with {process.returncode} before {why or holds}"
            assert time.monotonic() < end, f"not within {PATIENCE} s: {why or holds}"
            select.select(watched, [], [], STEP)
        return found


class Network:
    """Hosts by their names, 10.0.0.1 and so on, all at one switch; nothing of them is left at the end."""

    def __init__(self, *names):
        remove_leftovers()
        prefix = f"roikit-test-{owner.name(os.getpid())}-{next(_numbers)}-"
        self.switch = f"{prefix}switch"
        self.hosts = [Host(name, prefix, self.switch, place) for place, name in enumerate(names, start=1)]

    def __enter__(self):
        self._before = set(watchdog.descendants(os.getpid()))
        _adopt_orphans(True)
        try:
            ip("netns", "add", self.switch)
            ip("-n", self.switch, "link", "add", "switch", "type", "bridge")
            ip("-n", self.switch, "link", "set", "switch", "up")
            for host in self.hosts:
                host.join()
        except BaseException:
            self.__exit__()
            raise
        return self.hosts

    def __exit__(self, *exception):
        for host in self.hosts:
            host.stop()
        try:
            left = self.survivors()
            assert not left, f"still running: {left}"
        finally:
            _adopt_orphans(False)
            for name in (*(host.namespace for host in self.hosts), self.switch):
                if (NAMESPACES / name).exists():
                    ip("netns", "delete", name)

    def survivors(self, patience=PATIENCE):
        """What is left below this process, which adopts orphans, and does not end by itself."""
        end = time.monotonic() + patience
        left = []
        while found := set(watchdog.descendants(os.getpid())) - self._before - set(left):
            pid = found.pop()
            try:
                pidfd = os.pidfd_open(pid)
            except ProcessLookupError:
                continue
            command = _command(pid)
            if not select.select([pidfd], [], [], max(0.0, end - time.monotonic()))[0]:
                left.append(pid)
                print(f"process {pid} does not end: {command}")
            os.close(pidfd)
            with contextlib.suppress(ChildProcessError):  # not ours: who made it reaps it
                os.waitpid(pid, os.WNOHANG)
        return [_command(pid) for pid in left]


class Host:
    """One host; its programs share the machine's files, but for those that it is told to be without."""

    def __init__(self, name, prefix, switch, place):
        self.name, self.namespace, self.switch = name, prefix + name, switch
        self.address = f"10.0.0.{place}"
        self.cable = f"port{place}"  # the switch's end of it
        self.programs = []

    def join(self):
        """Come into being, with a cable to the switch."""
        ip("netns", "add", self.namespace)
        ends = ("link", "add", self.cable, "netns", self.switch, "type", "veth")
        ip(*ends, "peer", "name", "eth0", "netns", self.namespace)
        ip("-n", self.switch, "link", "set", self.cable, "master", "switch", "up")
        ip("-n", self.namespace, "address", "add", f"{self.address}/24", "dev", "eth0")
        ip("-n", self.namespace, "link", "set", "lo", "up")
        ip("-n", self.namespace, "link", "set", "eth0", "up")

    def cut(self):
        """Pull the cable: packets are lost, and nobody is told."""
        ip("-n", self.switch, "link", "set", self.cable, "nomaster")

    def mend(self):
        ip("-n", self.switch, "link", "set", self.cable, "master", "switch")

    def command(self, words, without=()):
        """`words` as they are run in this host."""
        enter = [NSENTER, f"--net={NAMESPACES / self.namespace}"]
        if without:
            enter += [UNSHARE, "--mount", "sh", "-c", WITHOUT, "sh", *without, "--"]
        return [str(word) for word in (*enter, *words)]

    def run(self, *words, without=(), **options):
        options = {"capture_output": True, "text": True, "timeout": PATIENCE, **options}
        return subprocess.run(self.command(words, without), **options)

    def start(self, *words, log, without=(), **options):
        """A program in a process group of its own; what it says goes into the file `log`."""
        options = {"stdin": subprocess.DEVNULL, "start_new_session": True, **options}
        with open(log, "wb") as file:
            process = subprocess.Popen(self.command(words, without), stdout=file, stderr=file, **options)
        self.programs.append(process)
        return process

    def processes(self):
        """All that runs in this host; a sandbox has a network of its own and is not among them."""
        if not (NAMESPACES / self.namespace).exists():
            return []
        return [int(word) for word in ip("netns", "pids", self.namespace).split()]

    def stop(self):
        """Pull the plug."""
        _kill_all(self.processes)
        for program in self.programs:
            program.kill()
            program.wait()


# ------------------------------------------------------------------ what a run that was killed has left
def remove_leftovers():
    """The namespaces of test runs that are no more, with what runs in them."""
    for line in ip("netns", "list").splitlines():
        name = line.split()[0]
        if name.startswith("roikit-test-") and owner.is_gone(name):
            _kill_all(lambda name=name: [int(word) for word in ip("netns", "pids", name).split()])
            ip("netns", "delete", name)


def _kill_all(processes):
    """Again and again: while one is killed, another starts a third."""
    while found := processes():
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                pidfd = os.pidfd_open(pid)
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                select.select([pidfd], [], [], PATIENCE)
                os.close(pidfd)


def _adopt_orphans(yes):
    """Be, or no longer be, the parent of whoever loses theirs."""
    if ctypes.CDLL(None, use_errno=True).prctl(36, int(yes), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER")


def _command(pid):
    try:
        return re.sub(r"\0", " ", Path(f"/proc/{pid}/cmdline").read_text())[:200]
    except OSError:
        return f"process {pid}, which has ended"
