"""The rungs of the ladder: how student code can be held on this machine, from best to none."""

from __future__ import annotations

from dataclasses import dataclass

from . import cgroup, landlock


@dataclass(frozen=True)
class Rung:
    """One way of holding student code. ``missing`` names the walls it does not have, one phrase each."""

    name: str
    missing: tuple[str, ...] = ()
    namespaces: bool = True  # bubblewrap: file system, network and processes of its own
    user_namespace: bool = False  # made by an ordinary user; without it bubblewrap needs root
    proc: bool = True  # /proc inside
    private_uid: bool = False  # the worker becomes a user of its own: needs root
    seccomp: bool = True
    landlock: bool = False  # files, TCP and signals taken away without namespaces

    @property
    def is_full(self) -> bool:
        return not self.missing


def bubblewrap_rungs(is_root: bool) -> tuple[Rung, ...]:
    """The full rungs, best first."""
    if is_root:
        return (
            Rung("bubblewrap-root", private_uid=True),
            Rung("bubblewrap-noproc", private_uid=True, proc=False),
        )
    return (
        Rung("bubblewrap", user_namespace=True),
        Rung("bubblewrap-noproc", user_namespace=True, proc=False),
    )


def reduced_rung(is_root: bool) -> Rung:
    """A process apart with rlimits, the system-call filter, Landlock and, for root, another user."""
    has_landlock = landlock.version() > 0
    missing = () if has_landlock else ("no Landlock",)
    return Rung("reduced", missing + _shared(is_root), False, private_uid=is_root, landlock=has_landlock)


def none_rung(is_root: bool) -> Rung:
    """A process apart with rlimits alone; root still does not run student code as root."""
    missing = ("no sandbox: a process with rlimits alone", "no system-call filter", "no Landlock")
    return Rung("none", missing + _shared(is_root), False, private_uid=is_root, seccomp=False)


def _shared(is_root: bool) -> tuple[str, ...]:
    """What no process has to itself without namespaces; what else comes through, the probe finds out."""
    missing = ("no private file system", "no process namespace", "no limit on files in total")
    if is_root:
        return missing
    left = () if cgroup.find() else ("processes may be left behind",)
    return (*missing, "same user as the grader", *left)
