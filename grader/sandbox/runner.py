"""Inside the sandbox: runs one command among the files it is sent, and gives back those that it names.

``command`` sends this file's text into a sandbox; it is never imported by the grader. The command may be a
stranger's program. It can read or change neither the memory nor the descriptors of this process, but it may
end it, and it may have put anything in the place of a file.
"""

import contextlib
import ctypes
import errno
import math
import os
import resource
import select
import signal
import stat

import numpy as np

PR_SET_DUMPABLE = 4
RUNNABLE = 0o700


def run(argv, files, wanted, seconds, largest):
    """Runs ``argv``; ``{"why", "exit", "files"}``.

    ``why`` is ``ended``, ``timeout``, ``large`` (the wanted files together), ``absent`` (no such program) or
    ``full`` (the files that were sent do not fit in here). ``files`` are those of ``wanted`` that are not as
    they were sent; None for one that is gone.
    """
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    made = []
    try:
        write_all(files, made)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EFBIG):
            raise
        return {"why": "full", "exit": 0, "files": {}}
    pid = start(argv, seconds)
    why, code = wait(pid, seconds) if pid else ("absent", 0)
    found = take_all(wanted, files, largest)
    remove(files, wanted, made)
    return {"why": "large" if found is None and why == "ended" else why, "exit": code, "files": found or {}}


def write_all(files, made):
    """Writes the files; notes in ``made`` the folders that this took."""
    for name, data in files.items():
        folder = os.path.dirname(name)
        if folder and not os.path.isdir(folder):
            os.makedirs(folder)
            made += [folder[:k] for k in range(len(folder) + 1) if folder[k : k + 1] in ("/", "")]
        fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, RUNNABLE)
        with os.fdopen(fd, "wb") as file:
            file.write(data)


def start(argv, seconds):
    """The command as a child with nothing of ours but stdout and stderr; 0 if there is no such program."""
    reading, writing = os.pipe()  # ends with a successful exec; an exit code would be anybody's word
    pid = os.fork()
    if pid == 0:
        try:
            hardest = resource.getrlimit(resource.RLIMIT_CPU)[1]
            resource.setrlimit(resource.RLIMIT_CPU, (min(math.ceil(seconds) + 1, hardest), hardest))
            os.dup2(writing, 3, inheritable=False)
            os.closerange(4, 4096)
            os.execvp(argv[0], argv)
        finally:
            os.write(3, b"!")
            os._exit(1)
    os.close(writing)
    is_absent = os.read(reading, 1)
    os.close(reading)
    return 0 if is_absent else pid


def wait(pid, seconds):
    """``(why it ended, exit code)``; as in ``subprocess``, minus the signal that ended it."""
    why, pidfd = "ended", os.pidfd_open(pid)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    if not poll.poll(1000 * seconds):
        why = "timeout"
        os.kill(pid, signal.SIGKILL)
    os.close(pidfd)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code == -signal.SIGXCPU:
        why = "timeout"
    return why, code


def take_all(wanted, files, largest):
    """The wanted files that are new, changed or gone; None if they are more than ``largest`` bytes."""
    found = {}
    for name in wanted:
        data = take(name, largest)
        if data is not None:
            largest -= len(data)
            if largest < 0:
                return None
        if name in files and data is None:
            found[name] = None
        elif data is not None and not (name in files and np.array_equal(files[name], data)):
            found[name] = data
    return found


def take(name, largest):
    """The bytes of a file, at most one more than ``largest``; None where there is no plain file."""
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            is_plain = stat.S_ISREG(os.fstat(fd).st_mode)
            return np.frombuffer(file.read(largest + 1), np.uint8) if is_plain else None
    except OSError:
        return None


def remove(files, wanted, made):
    """Takes away what is known to be here, for the worker that uses this sandbox again if nothing is left."""
    for path in (*files, *wanted):
        with contextlib.suppress(OSError):  # gone, or a folder in its place
            os.unlink(path)
    for folder in sorted(made, reverse=True):
        with contextlib.suppress(OSError):  # not empty: the worker notices
            os.rmdir(folder)
