"""The filter: right numbers, right decisions, by a small interpreter of its program and by the kernel."""

import ctypes
import errno
import struct

import pytest

from grader.records import Cell, Source
from grader.sandbox import Sandbox, bpf, seccomp

MACHINES = sorted(seccomp.MACHINES)


def decide(machine, number, *arguments, architecture=None):
    """What the program says about a call, by the kernel's rules for the instructions in it."""
    known, _ = seccomp.MACHINES[machine]
    values = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, architecture or known, 0, *values)
    steps = list(struct.iter_unpack("<HBBI", seccomp.program(machine)))
    at = accumulator = 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        if code == bpf.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == bpf.RETURN:
            return value
        else:
            holds = {
                bpf.EQUAL: accumulator == value,
                bpf.AT_LEAST: accumulator >= value,
                bpf.ANY_BIT: bool(accumulator & value),
            }[code]
            at += if_true if holds else if_false


def refused(number):
    return bpf.ERRNO | number


@pytest.mark.parametrize("machine", MACHINES)
def test_every_denied_call_is_denied(machine):
    column = seccomp.MACHINES[machine][1]
    for name, (row, error) in seccomp.DENIED.items():
        if row[column] is not None:
            assert decide(machine, row[column]) == refused(error), name


@pytest.mark.parametrize("machine", MACHINES)
def test_arguments_decide(machine):
    column = seccomp.MACHINES[machine][1]
    clone, ioctl, prlimit = (row[column] for row in seccomp.NUMBERS.values())
    sigchld, new_user = 17, 0x10000000
    assert decide(machine, clone, sigchld) == bpf.ALLOW
    assert decide(machine, clone, sigchld | new_user) == refused(errno.EPERM)
    assert decide(machine, ioctl, 0, 0x5401) == bpf.ALLOW
    assert decide(machine, ioctl, 0, 0x5412) == refused(errno.EPERM)
    assert decide(machine, ioctl, 0, 0x541C) == refused(errno.EPERM)
    assert decide(machine, prlimit, 0) == bpf.ALLOW
    assert decide(machine, prlimit, 1) == refused(errno.EPERM)


def test_ordinary_calls_pass_and_foreign_ones_do_not():
    assert decide("x86_64", 0) == bpf.ALLOW  # read
    assert decide("x86_64", 0 | seccomp.X32_BIT) == refused(errno.ENOSYS)
    assert decide("x86_64", 41, architecture=0x40000003) == bpf.KILL  # 32-bit x86
    assert decide("aarch64", 63) == bpf.ALLOW  # read
    assert decide("aarch64", 198, architecture=0x40000028) == bpf.KILL  # 32-bit ARM


ALLOWED = [
    "read", "write", "close", "openat", "newfstatat", "lseek", "mmap", "munmap", "mprotect", "brk", "futex",
    "execve", "exit_group", "wait4", "getpid", "getrandom", "clock_gettime", "nanosleep", "rt_sigaction",
    "rt_sigprocmask", "kill", "tgkill", "getdents64", "unlinkat", "mkdirat", "renameat2", "ftruncate",
    "fcntl", "pipe2", "dup3", "ppoll", "epoll_pwait", "sched_getaffinity", "prctl", "madvise", "mremap",
    "setrlimit", "fchmodat", "utimensat", "getcwd", "statx", "landlock_create_ruleset", "landlock_add_rule",
    "landlock_restrict_self",
]  # fmt: skip


@pytest.fixture(scope="module")
def resolve():
    """(machine, name) -> number, or a negative one, from libseccomp: Debian's and Ubuntu's apt needs it."""
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("sandbox wall: libseccomp is not installed")

    def number(machine, name):
        architecture, _ = seccomp.MACHINES[machine]
        return library.seccomp_syscall_resolve_name_arch(ctypes.c_uint32(architecture), name.encode())

    return number


@pytest.mark.parametrize("machine", MACHINES)
def test_what_python_and_numpy_need_is_allowed(machine, resolve):
    numbers = {name: resolve(machine, name) for name in ALLOWED}
    assert min(numbers.values()) >= 0
    for name, number in numbers.items():
        assert decide(machine, number) == bpf.ALLOW, name


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_that_do_not_exist_yet_are_allowed(machine):
    """A deny-list: what it does not name passes, and nothing else is refused than what it names."""
    column = seccomp.MACHINES[machine][1]
    denied = {row[column] for row, _ in seccomp.DENIED.values()}
    assert {number for number in range(1000) if decide(machine, number) != bpf.ALLOW} == denied - {None}


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_are_libseccomps(machine, resolve):
    column = seccomp.MACHINES[machine][1]
    rows = {name: row for name, (row, _) in seccomp.DENIED.items()} | seccomp.NUMBERS
    for call, row in rows.items():
        known = resolve(machine, call)
        assert known == row[column] or (known < 0 and row[column] is None), call


TRY = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def attempt(numbers):
    # Wrong arguments on purpose: without the filter the kernel would answer EFAULT, EINVAL or EBADF.
    answers = {}
    for name, number in numbers.items():
        ctypes.set_errno(0)
        libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
        answers[name] = ctypes.get_errno()
    return answers
"""


def test_the_kernel_agrees(full_rung, limits):
    """Each denied call, made in the sandbox, gets the error of the table."""
    import platform

    column = seccomp.MACHINES[platform.machine()][1]
    numbers = {name: row[column] for name, (row, _) in seccomp.DENIED.items() if row[column] is not None}
    with Sandbox(Source((Cell("try.py", TRY),), False), limits, full_rung) as box:
        outcome = box.call("attempt", [numbers])
    assert outcome.value == {name: seccomp.DENIED[name][1] for name in numbers}
