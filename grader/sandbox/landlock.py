"""Inside the reduced sandbox: the kernel's Landlock takes files, TCP and signals away from a call.

Raw system calls, because the C library has no names for them. The worker makes the rules while it may still
walk to every folder; the process of each call puts itself behind them. Standard library alone.
"""

import ctypes
import functools
import os
import struct

CREATE, ADD_RULE, RESTRICT = 444, 445, 446  # the same numbers on every machine
ASK_VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_FOLDER = 1, 1 << 1, 1 << 2, 1 << 3
FILE_RIGHTS = 0b111 | 1 << 14  # execute, write, read, truncate
#: version -> how many kinds of access to files it knows; later versions know no more
KINDS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP_SINCE, SCOPES_SINCE = 4, 6  # binding and connecting; signals and abstract sockets
DEVICES = ("null", "zero", "full", "random", "urandom")


def version():
    """Landlock's version in this kernel; 0 where there is none."""
    return max(0, _call(CREATE, None, 0, ASK_VERSION))


def make(readable, hidden, scratch, runs_programs=False):
    """A descriptor of the rules: read below ``readable`` but not below ``hidden``, all below ``scratch``.

    With ``runs_programs`` what may be read may be run, too: it takes the loader and the libraries to run one.
    """
    known = version()
    files = (1 << KINDS[min(known, max(KINDS))]) - 1
    handled = struct.pack("<3Q", files, 3 * (known >= TCP_SINCE), 3 * (known >= SCOPES_SINCE))
    size = 24 if known >= SCOPES_SINCE else 16 if known >= TCP_SINCE else 8
    rules = _checked(CREATE, handled, size, 0)
    for path in readable:
        for below, rights in _rights(path, hidden):
            _allow(rules, below, rights | (EXECUTE if runs_programs else 0))
    for name in DEVICES:
        _allow(rules, f"/dev/{name}", READ_FILE | WRITE_FILE)
    _allow(rules, scratch, files)
    return rules


def enter(rules):
    """Puts this process, and whatever it starts, behind the rules for ever."""
    _checked(RESTRICT, rules, 0)


def _rights(path, hidden):
    """Rules hold for all that is below a folder, so around what is hidden each neighbour gets its own.

    Of the folders on the way to it the lists of names stay readable: imports need them.
    """
    if path in hidden:
        return
    if not any(other.startswith(path + "/") for other in hidden):
        yield path, READ_FILE | READ_FOLDER
        return
    yield path, READ_FOLDER
    for entry in os.scandir(path):
        if not entry.is_symlink():
            yield from _rights(entry.path, hidden)


def _allow(rules, path, rights):
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            rights &= FILE_RIGHTS
        _checked(ADD_RULE, rules, PATH_BENEATH, struct.pack("<Qi", rights, fd), 0)
    finally:
        os.close(fd)


def _checked(number, *arguments):
    result = _call(number, *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return result


def _call(number, *arguments):
    words = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _library().syscall(ctypes.c_long(number), *words)


@functools.cache
def _library():
    return ctypes.CDLL(None, use_errno=True)
