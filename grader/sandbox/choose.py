"""Chooses the best rung that holds on this machine, or says in one line what to do."""

from __future__ import annotations

import dataclasses
import functools
import os
import re
import sys

from grader.errors import AssignmentError, SandboxError

from . import bubblewrap, rungs
from .probe import WALLS, probe
from .rungs import Rung

NOT_HERE = (
    "grading strangers' code is for Linux, with bubblewrap (WSL 2, a virtual machine, a server); here "
    "`roikit check` runs your own code"
)
_CONTAINER = (
    "this container may not make namespaces: start it with --security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined --security-opt systempaths=unconfined --cap-add SYS_ADMIN "
    "--cap-add NET_ADMIN, or grade outside of it"
)
_APPARMOR = (
    "AppArmor forbids user namespaces (Ubuntu 23.10 and newer): sudo apt install apparmor-profiles && "
    "sudo cp /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && "
    "sudo systemctl reload apparmor; or sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
)
_FORBIDDEN = "user namespaces are forbidden: sudo sysctl -w kernel.unprivileged_userns_clone=1"
_NONE_LEFT = "user namespaces are switched off: sudo sysctl -w user.max_user_namespaces=15000"

#: what bubblewrap says -> what to do
_REMEDIES = (
    (r"setting up uid map: Permission denied|RTM_NEWADDR", _APPARMOR),
    (r"ENOSPC|No space left on device", _NONE_LEFT),
    (r"No permissions to create|Creating new namespace failed|pivot_root|Failed to make / slave", _FORBIDDEN),
    (r"Can't mount proc|Failed to mount", _CONTAINER),
)


def choose_rung(name: str = "auto") -> Rung:
    """The rung to grade in.

    Parameters
    ----------
    name : {"auto", "bubblewrap", "reduced", "none"}
        ``"auto"`` and ``"bubblewrap"``: bubblewrap in whatever variant works here, all its walls tried. The
        other two lack walls and are never taken unless asked for; ``missing`` lists what they lack here.

    Returns
    -------
    Rung
        Found once in a process, then remembered; it can be pickled.

    Raises
    ------
    SandboxError
        It cannot be had; the message is the one-line remedy.
    """
    if name not in ("auto", "bubblewrap", "reduced", "none"):
        raise AssignmentError(f"unknown sandbox {name!r}: auto, bubblewrap, reduced or none")
    if not sys.platform.startswith("linux"):
        raise SandboxError(NOT_HERE)
    return _full() if name in ("auto", "bubblewrap") else _lesser(name)


@functools.cache
def _full() -> Rung:
    bubblewrap.find()
    reasons = []
    for rung in rungs.bubblewrap_rungs(os.geteuid() == 0):
        try:
            fallen = [f"{wall.name} ({wall.detail})" for wall in probe(rung) if not wall.held]
        except SandboxError as error:
            reasons.append(str(error))
            continue
        if not fallen:
            return rung
        reasons.append(f"the sandbox starts, but these walls do not hold: {', '.join(fallen)}")
    raise SandboxError(_remedy(reasons))


@functools.cache
def _lesser(name: str) -> Rung:
    rung = (rungs.reduced_rung if name == "reduced" else rungs.none_rung)(os.geteuid() == 0)
    fallen = tuple(WALLS[wall.name] for wall in probe(rung) if not wall.held)
    return dataclasses.replace(rung, missing=rung.missing + fallen)


def _remedy(reasons: list[str]) -> str:
    for reason in reasons:
        for pattern, remedy in _REMEDIES:
            if re.search(pattern, reason):
                return _CONTAINER if _in_container() and remedy is not _NONE_LEFT else remedy
    return f"bubblewrap does not work here: {reasons[0]}"


def _in_container() -> bool:
    return any(map(os.path.exists, ("/.dockerenv", "/run/.containerenv", "/run/systemd/container")))
