"""Inside the sandbox: system-call filters. One for all of it comes from the grader; a call's is made here.

A call runs as the same user as the process that holds its submission (``session.py``). The kernel would let
it end or stop that one, and what came of the submission would depend on who is faster.
"""

import ctypes
import os
import signal

import bpf
import cleaning

SET_MODE_FILTER, TSYNC = 1, 1
#: Of fcntl(2): who gets a file's signals, and locks, which go with a file that all calls have open.
REFUSED = (8, 15, 6, 7, 37, 38)  # F_SETOWN, F_SETOWN_EX, F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW
ALL = (1 << 32) - 1  # kill(-1)


def load(program, number):
    """Loads a filter, an array of ``struct sock_filter``; ``number`` is that of seccomp(2)."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    filter_ = Program(len(program) // 8, program)
    flags = ctypes.c_ulong(TSYNC)
    if cleaning.libc.syscall(ctypes.c_long(number), SET_MODE_FILTER, flags, ctypes.byref(filter_)):
        raise OSError(ctypes.get_errno(), "the system-call filter was not taken")


def stand(setup):
    """Makes this process one that a call can send no signal, nor have one sent, where there are filters."""
    os.setsid()  # its group is its own number
    ours = {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}
    setup["quiet"] = [
        one for one in signal.valid_signals() - ours if signal.getsignal(one) == signal.SIG_DFL
    ]
    for number in setup["quiet"]:
        signal.signal(number, signal.SIG_IGN)
    setup["guard"] = _filter(os.getpid(), setup) if setup["seccomp"] else b""


def leave(setup):
    """For a call: a session of its own, so that a signal to its group is none to this one's; the filter."""
    os.setsid()
    for number in setup["quiet"]:
        signal.signal(number, signal.SIG_DFL)
    if setup["guard"]:
        load(setup["guard"], setup["seccomp_call"])


def _filter(pid, setup):
    """No signal to ``pid``, to its group, or to everybody, and no file whose signals go to another."""
    signals = _refusing([pid, ALL, (1 << 32) - pid])
    code = [bpf.step(bpf.LOAD, bpf.NUMBER)]
    for number in setup["signals"]:
        code += bpf.when(number, bpf.ARG0, signals)
    for number in setup["owners"]:
        code += bpf.when(number, bpf.ARG1, _refusing(REFUSED))
    return b"".join([*code, bpf.step(bpf.RETURN, bpf.ALLOW)])


def _refusing(values):
    return [one for value in values for one in (bpf.step(bpf.EQUAL, value, 0, 1), bpf.refuse())]
