"""Inside the sandbox: process 1 of its namespace. Starts with NumPy, then forks for each submission.

It holds the interpreter and NumPy. No student's source, no expected value, no test and no reference ever
comes here. The fork (``session.py``) is given the source, and forks a child for a call (``child.py``). When
the grader is done with a submission, every process but this one is ended and the writable folder emptied;
where that is not possible, this one ends as well.

    grader --- request pipe ---> worker --- fork --> session --- fork --> child
           <-- reply pipe ----- (session) <----------------------- pipe ---
"""

import contextlib
import ctypes
import gc
import os
import resource
import select
import signal
import sys

import cleaning
import guard
import protocol

PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38


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
        for name in ("codec", "loader", "stateless"):
            module(name)
        landlock, child, session = (module(name) for name in ("landlock", "child", "session"))
        with open(os.devnull, "wb") as nowhere:
            child.warm_up(nowhere.fileno())
        limit(setup)
        setup["rules"] = landlock.make(**setup["landlock"]) if setup["landlock"] else None
        give_up_rights(setup)
        os.chdir(setup["scratch"])
        setup["traces"] = cleaning.traces(setup["scratch"])
        cleaning.overwrite_freed(True)
        gc.collect()
        gc.freeze()  # the collector would touch, and so copy, every page that forks share
        hello = protocol.pack({"uid": os.getuid()})
        protocol.write_all(reply, protocol.frame(b"H", protocol.NO_NONCE, hello))
        host(session.Grader(request, grader), reply, setup, session)
    except (EOFError, BrokenPipeError):  # the grader has gone
        cleaning.sweep()
    os._exit(0)


def host(grader, reply, setup, session):
    """One submission after the other, each in a process forked for it, with which its source goes.

    This process reads none of it: what it holds, the next submission can find.
    """
    while True:
        grader.wait({grader.request: select.POLLIN}, None)
        pid = os.fork()
        if pid == 0:
            try:
                session.serve(grader, reply, setup)
                os._exit(0)
            finally:
                os._exit(1)
        ended = os.pidfd_open(pid)
        grader.wait({ended: select.POLLIN}, None)
        os.close(ended)
        if os.waitpid(pid, 0)[1] != 0:  # killed by its own call: the grader sees the pipe close
            cleaning.sweep()
            return
        is_clean = cleaning.clean(setup)
        protocol.write_all(reply, protocol.frame(b"E", protocol.NO_NONCE, protocol.pack({"clean": is_clean})))
        if not is_clean:
            return


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
                return f"/proc/self/fd/{fd}{path[len(folder) :]}"
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
    cleaning.libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
    cleaning.libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if not cleaning.OWN_NAMESPACE:
        cleaning.adopt_orphans()
    if setup["seccomp"]:
        guard.load(bytes.fromhex(setup["seccomp"]), setup["seccomp_call"])
    cleaning.libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # closes /proc/1/{fd,mem,environ} to the children


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
