"""Inside the sandbox: what makes it as if nothing had run in it."""

import contextlib
import ctypes
import fcntl
import os
import signal
import time

PR_SET_CHILD_SUBREAPER, M_PERTURB = 36, -6
F_GETSIG, F_GETPIPE_SZ = 11, 1032
SWEEP_SECONDS = 2.0
#: Whether all processes in sight are those of the sandbox.
OWN_NAMESPACE = os.getpid() == 1
libc = ctypes.CDLL(None, use_errno=True)


def clean(setup):
    """Ends what runs, removes what was written; False when something is left, or not as it was."""
    return sweep() and wipe(setup["scratch"]) and traces(setup["scratch"]) == setup["traces"]


def adopt_orphans():
    """Processes that lose their parent come here, where `sweep` finds them."""
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def sweep():
    """Ends and reaps every process below this one; False when some would not go."""
    end = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end:
        try:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
        except ChildProcessError:
            return True
        # -1: all of this namespace but process 1 and this one.
        for pid in [-1] if OWN_NAMESPACE else descendants():
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
