"""System-call filters as classic BPF programs: single steps, and calls of which an argument decides.

The same file is used on both sides: ``seccomp`` makes the filter of a sandbox, ``guard`` that of a call.
"""

import errno
import struct

# Results and instructions of the kernel's filter machine (linux/seccomp.h, linux/bpf_common.h).
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARG0, ARG1 = 0, 4, 16, 24  # offsets in struct seccomp_data, low halves of arguments


def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One ``struct sock_filter``."""
    return struct.pack("<HBBI", code, if_true, if_false, value)


def refuse(error: int = errno.EPERM) -> bytes:
    """The caller sees this error."""
    return step(RETURN, ERRNO | error)


def when(number: int, argument: int, checks: list[bytes]) -> list[bytes]:
    """For one system call: the checks of an argument, which is loaded; the call is allowed where they end.

    The block leaves the argument loaded, so it ends in a return.
    """
    block = [step(LOAD, argument), *checks, step(RETURN, ALLOW)]
    return [step(EQUAL, number, 0, len(block)), *block]
