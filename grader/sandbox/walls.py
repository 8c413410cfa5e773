"""A submission that tries the walls of the sandbox it runs in: each function returns what it could do, or "".

``probe`` sends this file's text into a sandbox; it is never imported by the grader.
"""

import contextlib
import os
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


def home(folder, names, secret):
    for name in names:
        if os.path.lexists(os.path.join(folder, name)):
            return f"{folder}/{name} can be seen"
    return _readable([secret])


def writing(folders):
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
            with open(path, "rb") as file:
                file.read(1)
        except OSError:
            continue
        return f"{path} can be read"
    return ""
