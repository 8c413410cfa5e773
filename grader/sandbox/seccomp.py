"""A deny-list of system calls as a classic BPF program, made in plain Python.

Allowed by default, because NumPy and the interpreter need a wide and changing set of calls. Refused is what
makes namespaces, mounts, traces or reads other processes, loads kernel code, opens a network, or keeps memory
and state that no limit counts. A test holds the numbers against libseccomp's table.
"""

from __future__ import annotations

import errno
import platform

from .bpf import (
    ALLOW,
    ANY_BIT,
    ARCHITECTURE,
    ARG0,
    ARG1,
    AT_LEAST,
    EQUAL,
    KILL,
    LOAD,
    NUMBER,
    RETURN,
    refuse,
    step,
    when,
)

NEW_NAMESPACE = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # typing into the terminal (CVE-2017-5226)
X32_BIT = 0x40000000  # the second table of numbers of x86_64

#: machine -> (the kernel's name for it, column of the table)
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

NUMBERS = {  # name: (x86_64, aarch64); None where the machine does not have the call
    "clone": (56, 220), "ioctl": (16, 29), "prlimit64": (302, 261),
}  # fmt: skip
#: By which a process gets a signal (the first argument says which), and by which it is made to get some.
SIGNALS = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
}  # fmt: skip
OWNERS = {"fcntl": (72, 25)}
_FORBIDDEN = {
    "socket": (41, 198),  # of any family: the sandbox has no network, and nobody to talk to on the machine
    "socketpair": (53, 199),  # buffers of 200 KiB each that count as nobody's memory
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),  # a folder of /proc is a pidfd, too
    "flock": (73, 32), "process_madvise": (440, 440),
    "perf_event_open": (298, 241), "bpf": (321, 280), "userfaultfd": (323, 282),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162), "vhangup": (153, 58),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    "inotify_init": (253, None), "inotify_init1": (294, 26),  # counted for the grader's own user too
    "sched_setaffinity": (203, 122),  # keeps the cores that the grader chose
    "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setattr": (314, 274),  # nor anybody's turn
    "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
    "move_pages": (279, 239), "migrate_pages": (256, 238),
    "uselib": (134, None), "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    "_sysctl": (156, None), "nfsservctl": (180, 42), "lookup_dcookie": (212, 18),
}  # fmt: skip
# "No such system call": the C library then takes an older way that the filter can judge, or none.
_ABSENT = {
    "clone3": (435, 435),  # its flags lie behind a pointer
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),  # memory that no rlimit counts
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
}  # fmt: skip
#: name -> ((number on x86_64, number on aarch64), error that the caller sees)
DENIED = {name: (row, errno.EPERM) for name, row in _FORBIDDEN.items()} | {
    name: (row, errno.ENOSYS) for name, row in _ABSENT.items()
}


def is_known(machine: str | None = None) -> bool:
    """Whether this module can make a filter for the machine."""
    return (machine or platform.machine()) in MACHINES


def numbers(calls: dict[str, tuple[int, int]], machine: str | None = None) -> list[int]:
    """The numbers of some calls on ``machine`` (default: this one)."""
    _, column = MACHINES[machine or platform.machine()]
    return [row[column] for row in calls.values()]


def program(machine: str | None = None) -> bytes:
    """The filter for ``machine`` (default: this one): the kernel's array of ``struct sock_filter``."""
    architecture, column = MACHINES[machine or platform.machine()]
    number = {name: row[column] for name, row in NUMBERS.items()}
    code = [step(LOAD, ARCHITECTURE), step(EQUAL, architecture, 1, 0), step(RETURN, KILL)]
    code += [step(LOAD, NUMBER)]
    if column == 0:
        code += [step(AT_LEAST, X32_BIT, 0, 1), refuse(errno.ENOSYS)]
    for row, error in DENIED.values():
        if row[column] is not None:
            code += [step(EQUAL, row[column], 0, 1), refuse(error)]
    # Of these calls an argument decides.
    code += when(number["clone"], ARG0, [step(ANY_BIT, NEW_NAMESPACE, 0, 1), refuse(errno.EPERM)])
    typing = [step(EQUAL, TIOCSTI, 1, 0), step(EQUAL, TIOCLINUX, 0, 1), refuse(errno.EPERM)]
    code += when(number["ioctl"], ARG1, typing)
    # A process may change its own limits, nobody else's: pid 0 is the caller.
    code += when(number["prlimit64"], ARG0, [step(EQUAL, 0, 1, 0), refuse(errno.EPERM)])
    return b"".join([*code, step(RETURN, ALLOW)])
