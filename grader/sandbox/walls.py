"""A submission that tries the walls of the sandbox it runs in: each function returns what it could do, or "".

``probe`` sends this file's text into a sandbox; it is never imported by the grader.
"""

import contextlib
import os
import resource
import signal
import socket
import time


def network(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return ""
    return "a connection to the grader's machine was made"


def system_files():
    return _readable(["/etc/passwd", "/etc/hostname", "/var/log/dpkg.log"])


def home(paths):
    for path in paths:
        with contextlib.suppress(OSError):
            os.listdir(path)
            return f"{path} can be listed"
    return _readable(paths)


def names(paths):
    for path in paths:
        if os.path.lexists(path):
            return f"{path} can be seen"
    return ""


def writing(folders, file):
    with contextlib.suppress(OSError):
        os.truncate(file, 1)
        return "a file was cut short"
    for folder in folders:
        path = os.path.join(folder, f"roikit-wall-{os.getpid()}")
        try:
            with open(path, "w"):
                pass
            os.unlink(path)
        except OSError:
            continue
        return f"a file was written in {folder}"
    return ""


def roikit(files):
    for name in ("roikit", "grader"):
        try:
            __import__(name)
        except ImportError:
            continue
        return f"import {name} works"
    return _readable(files)


def processes(limit):
    children = []
    try:
        while len(children) <= limit:
            pid = os.fork()
            if pid == 0:
                time.sleep(60)
                os._exit(0)
            children.append(pid)
    except OSError:
        return ""
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
    return f"{len(children)} processes were started"


def modes(file):
    for change in (lambda: os.chmod(file, 0o604), lambda: os.utime(file, (0, 0))):
        with contextlib.suppress(OSError):
            change()
            return f"{file} was changed"
    return ""


def limits(pid):
    attempts = {
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, pid, 5),
        "limit on open files": lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (64, 64)),
    }
    for what, attempt in attempts.items():
        with contextlib.suppress(OSError):
            attempt()
            return f"the {what} of another process was changed"
    return ""


def kill(pid):
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)


def memory(size):
    kept = []
    while len(kept) << 24 < size:
        kept.append(bytearray(b"x") * (1 << 24))
    time.sleep(0.5)
    return f"{size >> 20} MiB were held"


def _readable(files):
    for path in files:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe would wait for its other end
        except OSError:
            continue
        os.close(fd)
        return f"{path} can be read"
    return ""
