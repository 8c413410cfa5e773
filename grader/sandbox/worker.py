"""Inside the sandbox: process 1 of its namespace. Starts with NumPy, then forks a child for each call.

It holds the interpreter, NumPy and the student's source. No expected value, no test and no reference ever
comes here. For each call it forks a child (``child.py``), relays at most one reply of it to the grader, then
ends every other process of the sandbox and empties the writable folder, so that no call sees what an earlier
one left.

    grader --- request pipe --> worker --- fork --> child
           <-- reply pipe -----        <-- pipe ---
"""

import contextlib
import ctypes
import fcntl
import functools
import gc
import json
import os
import resource
import select
import signal
import sys
import time

import protocol

PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 36, 38
F_GETSIG, F_GETPIPE_SZ = 11, 1032
M_PERTURB = -6
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC = 1, 1
SWEEP_SECONDS = 2.0
OWN_NAMESPACE = os.getpid() == 1
libc = ctypes.CDLL(None, use_errno=True)


# ------------------------------------------------------------------ start
def main(module):
    """Starts up and serves until the grader goes; ``module(name)`` makes a module of those that were sent."""
    request, reply, grader = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[4])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    try:
        _, _, body = protocol.read_frame(request)
        setup, _ = protocol.unpack(body)
        import_numpy(setup)
        module("codec")
        module("loader")
        landlock = module("landlock")
        child = module("child")
        with open(os.devnull, "wb") as nowhere:
            child.warm_up(nowhere.fileno())
        limit(setup)
        setup["rules"] = landlock.make(**setup["landlock"]) if setup["landlock"] else None
        give_up_rights(setup)
        os.chdir(setup["scratch"])
        setup["traces"] = traces(setup["scratch"])
        overwrite_freed(True)
        gc.collect()
        gc.freeze()  # the collector would touch, and so copy, every page that forks share
        hello = protocol.pack({"uid": os.getuid()})
        protocol.write_all(reply, protocol.frame(b"H", protocol.NO_NONCE, hello))
        serve(Grader(request, grader), reply, setup, child)
    except (EOFError, BrokenPipeError):  # the grader has gone
        sweep()
    os._exit(0)


def import_numpy(setup):
    """Imports NumPy, and leaves nothing but the standard library on the path."""
    folders = [setup["numpy"], *sys.path[1:]]  # the first is the current folder
    setup["held"] = []
    if setup["hold_open"]:
        folders, setup["held"] = hold_open(folders)
    sys.path[:] = folders
    import numpy  # noqa: F401

    del sys.path[0]


def hold_open(folders):
    """``(names that stay good, descriptors)`` of folders to which another uid could not walk.

    The interpreter may lie in root's home. But a folder that is open can be entered: ``/proc/self/fd/N``.
    """
    held = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in folders if os.path.isdir(path)}

    def renamed(path):
        for folder, fd in held.items():
            if path == folder or path.startswith(folder + "/"):
                return f"/proc/self/fd/{fd}{path[len(folder):]}"
        return path

    for module in list(sys.modules.values()):
        if hasattr(module, "__path__"):  # packages that are loaded already will look for their parts there
            module.__path__ = [renamed(path) for path in module.__path__]
    return [renamed(path) for path in folders], sorted(held.values())


def give_up_rights(setup):
    """Becomes a user who owns nothing, behind the system-call filter."""
    if setup["uid"] is not None:
        os.setgroups([])
        os.setresgid(setup["uid"], setup["uid"], setup["uid"])
        os.setresuid(setup["uid"], setup["uid"], setup["uid"])
    if os.getuid() == 0:
        raise PermissionError("student code is not run as root")
    # All capabilities went with the uid but the inheritable ones (version 3 of the call, three empty sets).
    libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if not OWN_NAMESPACE:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # orphans come here, where sweep() finds them
    if setup["seccomp"]:
        load_filter(bytes.fromhex(setup["seccomp"]), setup["seccomp_call"])
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # closes /proc/1/{fd,mem,environ} to the children


def limit(setup):
    """What holds for every process of the sandbox; a call adds what must not bind this one."""
    for name, value in (
        ("CORE", 0), ("MEMLOCK", 1 << 16), ("MSGQUEUE", 0), ("RTPRIO", 0), ("SIGPENDING", 256),
        ("FSIZE", setup["file_size"]), ("NOFILE", setup["open_files"]),
    ):  # fmt: skip
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
    os.sched_setaffinity(0, setup["cores"])  # calls inherit it, and the filter refuses to change it
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # there may be no /proc
        file.write("1000")  # should the machine itself run out, this goes first


def load_filter(program, seccomp_call):
    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    filter_ = Program(len(program) // 8, program)
    flags = ctypes.c_ulong(SECCOMP_FILTER_FLAG_TSYNC)
    if libc.syscall(ctypes.c_long(seccomp_call), SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(filter_)):
        raise OSError(ctypes.get_errno(), "the system-call filter was not taken")


# ------------------------------------------------------------------ requests
class Grader:
    """Tells whether the grader lives: ``pidfd`` is its process, and ``request`` the pipe that it writes.

    All else depends on it: the kernel's own signal at a parent's death would not reach past bubblewrap, which
    itself must not be killed while it starts (the half of it that is in the sandbox would wait for ever).
    """

    def __init__(self, request, pidfd):
        self.request, self.pidfd = request, pidfd

    def next_frame(self):
        self.wait({self.request: select.POLLIN}, None)
        return protocol.read_frame(self.request)

    def wait(self, events, seconds):
        """Waits for ``events`` and says which came; raises EOFError when the grader has gone."""
        poll = select.poll()
        for fd, event in ({self.request: 0, self.pidfd: select.POLLIN} | events).items():
            poll.register(fd, event)
        came = dict(poll.poll(None if seconds is None else seconds * 1000 + 1))
        if self.pidfd in came or came.get(self.request, 0) & select.POLLHUP:
            raise EOFError
        return came


def serve(grader, reply, setup, child):
    source = None
    while True:
        kind, nonce, body = grader.next_frame()
        head, payload = protocol.unpack(body)
        if kind == b"S":
            source = child.prepare(*json.loads(bytes(payload)), head["is_notebook"])
            gc.freeze()
        else:
            tell = functools.partial(tell_grader, reply, nonce)
            answer, relayed = call(head, payload, source, setup, child, grader, tell)
            tell(b"R", protocol.pack(answer, relayed))
            del payload, answer, relayed, body  # before the next fork


def tell_grader(reply, nonce, kind, body=b""):
    protocol.write_all(reply, protocol.frame(kind, nonce, body))


def call(head, arguments, source, setup, child, grader, tell):
    """Runs one call in a fork; ``(what became of it, the child's reply)``."""
    reading, writing = os.pipe()
    start = time.monotonic()
    try:
        pid = os.fork()
    except OSError:
        return {"why": "fork"}, b""
    if pid == 0:
        try:
            overwrite_freed(False)
            child.run(head, arguments, source, setup, writing, libc)
        finally:
            os._exit(0)  # skips what the student left for the end of the process
    os.close(writing)
    why, phase, reply = relay(child, reading, grader, start + setup["call_seconds"], setup["reply"], tell)
    os.close(reading)
    ended = wait_for(pid, 0.2) if why == "closed" else None
    if ended is None:
        os.kill(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
    else:
        why = "died"
        _, status, usage = ended
    answer = {
        "why": why,
        "phase": phase,
        "seconds": time.monotonic() - start,
        "cpu": usage.ru_utime + usage.ru_stime,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
    }
    is_clean = sweep() and wipe(setup["scratch"]) and traces(setup["scratch"]) == setup["traces"]
    answer["dirty"] = not is_clean
    return answer, reply


def relay(child, reading, grader, deadline, largest, tell):
    """Reads the child's pipe until its reply is whole: ``(why it ended, phase, reply)``.

    ``why`` is ``reply``, ``timeout``, ``large``, ``garbled`` or ``closed``.
    """
    os.set_blocking(reading, False)
    protocol.widen(reading)
    data, phase, whole = bytearray(), "import", None
    head_size = 1 + child.LENGTH.size
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            return "timeout", phase, b""
        if reading not in grader.wait({reading: select.POLLIN}, left):
            continue
        piece = os.read(reading, protocol.PIECE)
        if not piece:
            return "closed", phase, b""
        data += piece
        if phase == "import" and data[:1] == child.IMPORTED:
            phase = "call"
            del data[:1]
            tell(b"P")
        if data and data[:1] != child.REPLY:
            return "garbled", phase, b""
        if whole is None and len(data) >= head_size:
            whole = head_size + child.LENGTH.unpack_from(data, 1)[0]
            if whole > largest + protocol.MAX_HEAD:
                return "large", phase, b""
        if whole is not None and len(data) >= whole:
            if len(data) > whole:
                return "garbled", phase, b""
            return "reply", phase, bytes(data[head_size:])


def wait_for(pid, seconds):
    """The exit status of ``pid`` if it comes in time, else None: it may have closed its pipe and live on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended = os.wait4(pid, os.WNOHANG)
        if ended[0]:
            return ended
        time.sleep(0.001)
    return None


# ------------------------------------------------------------------ cleaning up
def sweep():
    """Ends and reaps every other process of the sandbox; False when some would not go."""
    end = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return True
        for pid in [-1] if OWN_NAMESPACE else descendants():  # -1: all of this namespace but its process 1
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.0005)
    return False


def descendants():
    """Without a namespace of our own: whoever has this process among its ancestors."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
        except OSError:
            pass  # it has just ended
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def wipe(folder):
    """Empties the writable folder of files and empty folders.

    False when more is in it: walking a hostile tree can take any time and memory, a new sandbox takes little.
    """
    try:
        for entry in os.scandir(folder):
            (os.rmdir if entry.is_dir(follow_symlinks=False) else os.unlink)(entry.path)
        os.utime(folder)
    except OSError:
        return False
    return True


def overwrite_freed(is_on):
    """Whether the C library overwrites memory that is given back: forks would find earlier calls in it."""
    if hasattr(libc, "mallopt"):  # musl has none
        libc.mallopt(M_PERTURB, 0xA5 if is_on else 0)


def traces(folder):
    """What a call could leave to the next one without a process or a file: all calls share these."""
    found = [fcntl.fcntl(fd, what) for fd in (0, 1, 2) for what in (fcntl.F_GETFL, fcntl.F_GETOWN, F_GETSIG)]
    found += [fcntl.fcntl(fd, F_GETPIPE_SZ) for fd in (1, 2)]
    return found, [os.stat(place).st_mode for place in (0, 1, 2, folder)], os.listxattr(folder)
