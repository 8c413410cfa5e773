"""The grader's end of one worker: starts it in its rung, talks to it in frames, watches it, ends it."""

from __future__ import annotations

import contextlib
import os
import re
import select
import selectors
import signal
import subprocess
import time
from typing import Literal, NamedTuple

from grader.errors import SandboxError

from . import bubblewrap, cgroup, places, protocol, reduced, seccomp, watchdog
from .limits import Limits, show_seconds
from .rungs import Rung
from .text import clean_line
from .tools import NONE, Tools
from .user import PrivateUser

WATCH_SECONDS = 0.05  # a process can fill about 100 MiB between two looks
PATIENCE_SECONDS = 0.3  # for a word that is on its way
VACATE_SECONDS = 3.0  # for the worker to end what a submission has running
MOST_SUBMISSIONS = 200  # in one worker, one after the other: whatever grows unseen begins anew
SECCOMP_CALL = {"x86_64": 317, "aarch64": 277}  # number of seccomp(2)

Why = Literal["frame", "deadline", "prints", "memory", "files", "gone", "garbled"]


class Answer(NamedTuple):
    """What came of waiting for one frame: ``why`` it ended, and the frame if that is ``"frame"``."""

    why: Why
    imported: bool = False  # the worker has said that the student's file is imported
    kind: bytes = b""
    nonce: bytes = b""
    body: memoryview = memoryview(b"")


class WorkerProcess:
    """One sandbox. It starts without waiting: NumPy is imported while the grader does other things.

    It holds nobody's code until it is given some, so it may be made ahead of time. It ends with the process
    that made it, however that ends.
    """

    def __init__(self, limits: Limits, rung: Rung, slot: int = 0, tools: Tools = NONE) -> None:
        self._limits, self._rung, self._tools = limits, rung, tools
        self._ready = False
        self._submissions = 0  # that were in it
        self._pid: int | None = None  # of the worker, as seen from here
        self._pidfd: int | None = None
        self._group: cgroup.Group | None = None
        self._prints = {"stdout": bytearray(), "stderr": bytearray()}
        self._printed = 0
        self._user = PrivateUser(slot) if rung.private_uid else None
        self._uid = self._user.uid if self._user else None
        self._scratch = bubblewrap.SCRATCH if rung.namespaces else reduced.make_scratch(self._uid)
        self._selector = selectors.DefaultSelector()
        self._ours: list[int] = []
        theirs: list[int] = []
        try:
            self._start(slot, theirs)
            self._send_setup()
        except BaseException:
            self.close()
            raise
        finally:
            for fd in theirs:
                os.close(fd)

    # -------------------------------------------------------------- start
    def _start(self, slot: int, theirs: list[int]) -> None:
        def pipe(we_read: bool) -> tuple[int, int]:
            """``(our end, the worker's end)`` of a new pipe."""
            reading, writing = os.pipe()
            our, their = (reading, writing) if we_read else (writing, reading)
            self._ours.append(our)
            theirs.append(their)
            os.set_blocking(our, False)
            return our, their

        self._request, request = pipe(we_read=False)
        self._reply, reply = pipe(we_read=True)
        stdout, their_stdout = pipe(we_read=True)
        stderr, their_stderr = pipe(we_read=True)
        # A pipe would end bubblewrap half started when the grader has gone; a file takes what it writes.
        self._info = os.memfd_create("bubblewrap-info")
        self._ours.append(self._info)
        for fd, name in ((self._reply, "reply"), (stdout, "stdout"), (stderr, "stderr")):
            self._selector.register(fd, selectors.EVENT_READ, name)
        for fd in (self._request, self._reply):
            protocol.widen(fd)
        theirs.append(grader := os.pidfd_open(os.getpid()))
        program, modules = places.worker_code()
        argv = [places.find().python, *places.FLAGS, "-c", program]
        argv += [str(request), str(reply), str(len(modules)), str(grader)]
        if self._rung.namespaces:
            argv = bubblewrap.command(self._rung, self._limits, self._info, argv, self._tools)
        cores = sorted(os.sched_getaffinity(0))
        self._cores = [cores[(slot + k) % len(cores)] for k in range(min(self._limits.cores, len(cores)))]
        self._process: subprocess.Popen | None = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=their_stdout, stderr=their_stderr,
            pass_fds=(request, reply, grader, self._info), env=self._environment(), cwd="/",
            start_new_session=True,  # a terminal's Ctrl-C is for the grader alone
        )  # fmt: skip

    _process = None

    def _environment(self) -> dict[str, str]:
        threads = str(self._limits.cores)
        return {
            "PATH": "/usr/bin:/bin", "HOME": self._scratch, "TMPDIR": self._scratch, "LANG": "C.UTF-8",
            "PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8:backslashreplace",
            "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads,
            "MPLBACKEND": "Agg",
        }  # fmt: skip

    def _send_setup(self) -> None:
        machine = os.uname().machine
        if self._rung.seccomp and not seccomp.is_known(machine):
            raise SandboxError(f"no system-call filter for {machine}: the sandbox needs x86_64 or aarch64")
        setup = {
            "uid": self._uid,
            "seccomp": seccomp.program(machine).hex() if self._rung.seccomp else "",
            "seccomp_call": SECCOMP_CALL.get(machine, 0),
            "signals": seccomp.numbers(seccomp.SIGNALS) if self._rung.seccomp else [],
            "owners": seccomp.numbers(seccomp.OWNERS) if self._rung.seccomp else [],
            "numpy": bubblewrap.packages_folder() if self._rung.namespaces else places.find().packages,
            "scratch": self._scratch,
            "cores": self._cores,
            "hold_open": not self._rung.namespaces and reduced.must_hold_open(self._rung),
            "landlock": reduced.landlock_rules(self._scratch, self._tools) if self._rung.landlock else None,
            "processes": self._limits.processes + reduced.other_threads(self._rung),
        }
        for name in ("call_seconds", "cpu_seconds", "address_space", "open_files", "file_size", "reply"):
            setup[name] = getattr(self._limits, name)
        _, modules = places.worker_code()
        data = modules + protocol.frame(b"I", protocol.NO_NONCE, protocol.pack(setup))
        self._unsent = data[os.write(self._request, data) :]  # a widened pipe takes it all

    def wait_ready(self) -> None:
        """Waits for the worker's hello; raises SandboxError with what it said instead."""
        if self._ready:
            return
        answer = self.ask(self._unsent, self._limits.start_seconds, protocol.MAX_HEAD)
        if answer.why != "frame" or answer.kind != b"H":
            said = bytes(self._prints["stderr"]).decode(errors="replace").strip().splitlines()
            self.close()
            slow = f"it took more than {show_seconds(self._limits.start_seconds)}"
            reason = slow if answer.why == "deadline" else said[-1] if said else "it ended at once"
            raise SandboxError(f"the sandbox did not start: {clean_line(reason)}")
        self._learn_pid()
        if self._pid is None:
            self.close()
            raise SandboxError("bubblewrap did not name the sandbox's process")
        self._enter_group(self._pid)
        self._ready = True

    def _enter_group(self, pid: int) -> None:
        """A control group, where there can be one; the worker has nobody's code yet to run ahead of it."""
        place = cgroup.find()
        if place is None:
            return
        try:
            self._group = cgroup.Group(place, self._limits.memory, self._limits.processes)
            self._group.enter(pid)
        except OSError as error:
            raise SandboxError(f"the sandbox's control group failed: {error}") from None

    def _learn_pid(self) -> None:
        if self._pid is not None or self._process is None:
            return
        if not self._rung.namespaces:
            self._pid = self._process.pid
            return
        end = time.monotonic() + 2
        while not (said := re.search(rb'"child-pid": (\d+)', os.pread(self._info, 4096, 0))):
            if self._process.poll() is not None or time.monotonic() > end:
                return
            time.sleep(0.001)  # only when it is closed while it starts
        self._pid = int(said[1])
        with contextlib.suppress(ProcessLookupError):
            self._pidfd = os.pidfd_open(self._pid)

    # -------------------------------------------------------------- talk
    def ask(self, data: bytes, seconds: float, largest: int) -> Answer:
        """Sends ``data``, drains the prints, and waits for one frame of at most ``largest`` bytes."""
        answer = self._wait_for_frame(data, seconds, largest)
        if self._group is not None and self._group.ran_out():  # whatever else came of it
            return Answer("memory", answer.imported)
        return answer

    def _wait_for_frame(self, data: bytes, seconds: float, largest: int) -> Answer:
        unsent = memoryview(data)
        if unsent:
            self._selector.register(self._request, selectors.EVENT_WRITE, "request")
        incoming = _Incoming(self._reply, largest)
        end = time.monotonic() + seconds
        look = time.monotonic() + WATCH_SECONDS
        try:
            while True:
                now = time.monotonic()
                if now >= end:
                    return Answer("deadline", incoming.imported)
                if now >= look:
                    look = now + WATCH_SECONDS
                    if (excess := self._excess()) is not None:
                        return Answer(excess, incoming.hears_of_import(0))  # it goes on growing meanwhile
                for key, _ in self._selector.select(min(end, look) - now):
                    if key.data == "request":
                        unsent = unsent[os.write(self._request, unsent[: protocol.PIECE]) :]
                        if not unsent:
                            self._selector.unregister(self._request)
                    elif key.data == "reply":
                        answer = incoming.read()
                        if incoming.is_new:
                            incoming.is_new, end = False, time.monotonic() + seconds
                        if answer is not None:
                            self._drain()
                            if self._printed <= self._limits.prints_end:
                                return answer
                            return Answer("prints", incoming.imported)
                    else:
                        self._take(key)
                        if self._printed > self._limits.prints_end:
                            return Answer("prints", incoming.hears_of_import(PATIENCE_SECONDS))
        except BrokenPipeError:
            return Answer("gone", incoming.imported)
        finally:
            if self._request in self._selector.get_map():
                self._selector.unregister(self._request)

    def _excess(self) -> Why | None:
        if self._pid is None:
            return None
        if watchdog.memory(self._pid, self._limits.memory) > self._limits.memory:
            return "memory"
        if self._group is not None and self._group.ran_out():
            return "memory"
        if self._rung.namespaces:
            count, size = watchdog.files(self._pid, self._scratch)
            if count > self._limits.files or size > self._limits.tmpfs:
                return "files"
        return None

    def _take(self, key: selectors.SelectorKey) -> bool:
        """Reads what was printed; keeps the beginning, counts all."""
        try:
            piece = os.read(key.fd, 1 << 16)
        except BlockingIOError:
            return False
        if not piece:
            self._selector.unregister(key.fd)
            return False
        self._printed += len(piece)
        kept = self._prints[key.data]
        kept += piece[: max(0, self._limits.prints_kept + 1 - len(kept))]  # one more: it is seen to be cut
        return True

    def _drain(self) -> None:
        for key in list(self._selector.get_map().values()):
            while key.data in self._prints and self._printed <= self._limits.prints_end and self._take(key):
                pass

    def take_prints(self) -> tuple[str, str]:
        """``(stdout, stderr)`` since the last time, as text that is not cleaned yet."""
        stdout, stderr = (bytes(kept).decode(errors="replace") for kept in self._prints.values())
        for kept in self._prints.values():
            kept.clear()
        self._printed = 0
        return stdout, stderr

    # -------------------------------------------------------------- end
    def vacate(self) -> bool:
        """Ends the submission that is in it; whether nothing is left of it, so that another one may come."""
        self._submissions += 1
        if not self._rung.namespaces or self._submissions >= MOST_SUBMISSIONS:
            return False
        answer = self.ask(protocol.frame(b"E", protocol.NO_NONCE), VACATE_SECONDS, protocol.MAX_HEAD)
        if answer.why != "frame" or answer.kind != b"E" or self.take_prints() != ("", ""):
            return False
        return protocol.unpack(answer.body)[0] == {"clean": True}

    def close(self) -> None:
        """Ends every process of the sandbox and waits until they are gone; may be called twice."""
        if self._process is not None:
            self._learn_pid()
            self._kill()
            self._process.wait()
            self._process = None
        if self._group is not None:
            self._group.close()
        self._selector.close()
        for fd in (*self._ours, *([] if self._pidfd is None else [self._pidfd])):
            os.close(fd)
        self._ours, self._pidfd = [], None
        if not self._rung.namespaces and self._scratch:
            reduced.remove_scratch(self._scratch)
            self._scratch = ""
        if self._user is not None:
            self._user.close()

    def _kill(self) -> None:
        assert self._process is not None
        if self._pidfd is not None:
            # Process 1 of the namespace takes all others along, and bubblewrap reaps it. Killed first, it
            # would leave a zombie to the machine's init, or, while it starts, its other half for ever.
            try:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
                self._process.wait(2)
                return
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass
        elif not self._rung.namespaces and self._uid is not None:
            reduced.kill_all_of(self._uid)
            self._process.kill()  # while it starts it is not that user yet
            self._process.wait()
            end = time.monotonic() + 2
            while watchdog.of_user(self._uid) and time.monotonic() < end:
                time.sleep(0.001)  # the machine's init reaps them
        elif not self._rung.namespaces and self._pid is not None:
            self._kill_one_by_one(self._pid)
        self._process.kill()

    @staticmethod
    def _kill_one_by_one(worker: int) -> None:
        end = time.monotonic() + 2
        while (processes := watchdog.descendants(worker)[1:]) and time.monotonic() < end:
            for pid in processes:  # the worker later: it inherits the orphans
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def remove_left() -> None:
    """Removes what processes left that were killed while they had a WorkerProcess."""
    place = cgroup.find()
    if place is not None:
        cgroup.remove_left(place)
    reduced.remove_left()


class _Incoming:
    """One frame, put together from what the pipe gives; takes notice of a finished import on the way."""

    def __init__(self, fd: int, largest: int) -> None:
        self._fd, self._largest = fd, largest
        self.imported = False
        self.is_new = False  # the call has begun anew
        self._begin()

    def _begin(self) -> None:
        self._data, self._done = bytearray(protocol.FRAME.size), 0
        self._head: tuple[bytes, bytes] | None = None

    def hears_of_import(self, seconds: float) -> bool:
        """The word that the import is over comes through the worker: maybe later than what was done since."""
        end = time.monotonic() + seconds
        while not self.imported and select.select([self._fd], [], [], max(0, end - time.monotonic()))[0]:
            if self.read() is not None:
                break
        return self.imported

    def read(self) -> Answer | None:
        """Reads once; the Answer when the frame is whole or cannot become one, else None."""
        try:
            got = os.readv(self._fd, [memoryview(self._data)[self._done : self._done + protocol.PIECE]])
        except BlockingIOError:
            return None
        if got == 0:
            return Answer("gone", self.imported)
        self._done += got
        if self._done < len(self._data):
            return None
        if self._head is None:
            magic, kind, nonce, length = protocol.FRAME.unpack(self._data)
            if kind in (b"P", b"A"):
                self.imported, self.is_new = kind == b"P", kind == b"A"
                self._begin()
            elif magic != protocol.MAGIC or not 0 < length <= self._largest:
                return Answer("garbled", self.imported)
            else:
                self._head, self._data, self._done = (kind, nonce), bytearray(length), 0
            return None
        return Answer("frame", self.imported, *self._head, memoryview(self._data))
