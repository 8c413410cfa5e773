"""Who a worker is, and whether it would find what is found here: asked before it gets any work."""

from __future__ import annotations

import functools
import json
import os
import platform
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader import packing

#: How long the hash of our code is told in a sentence.
_SHOWN = 8


@dataclass(frozen=True)
class Facts:
    """What a worker says of itself."""

    host: str
    machine: str  # the same for all that share their cores
    pid: int
    roikit: str
    engine: str  # a hash of our code
    numpy: str
    python: str
    rung: str = ""
    walls: tuple[str, ...] = ()  # that the rung lacks there
    no_sandbox: str = ""  # why

    def as_text(self) -> str:
        return json.dumps(asdict(self))


def here(rung: str) -> Facts:
    """The facts of this machine; the sandbox that `rung` names is tried out, unless that is empty."""
    import numpy

    from grader import fingerprint

    version, engine = fingerprint.engine()
    name, walls, problem = _sandbox(rung)
    return Facts(
        host=socket.gethostname(),
        machine=_machine(),
        pid=os.getpid(),
        roikit=version,
        engine=engine,
        numpy=numpy.__version__,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        rung=name,
        walls=walls,
        no_sandbox=problem,
    )


def read(text: str) -> Facts:
    """What `Facts.as_text` made; `packing.NoResult` for anything else."""
    try:
        return packing.from_plain(Facts, json.loads(text))
    except (ValueError, RecursionError) as problem:
        raise packing.NoResult(str(problem)) from None


def refusal(theirs: Facts, ours: Facts, address: str) -> str:
    """Why a worker cannot take part, in one sentence that names it; empty where it can."""
    for what, there, here_ in _pairs(theirs, ours):
        if there != here_:
            return f"the worker {theirs.host} ({address}) has {what} {there}, and here is {here_}: refused"
    if theirs.no_sandbox:
        return f"the worker {theirs.host} ({address}) has no sandbox: {theirs.no_sandbox}: refused"
    if (theirs.rung, theirs.walls) != (ours.rung, ours.walls):
        there, here_ = (_sandbox_shown(facts) for facts in (theirs, ours))
        return f"the worker {theirs.host} ({address}) has the sandbox {there}, and here is {here_}: refused"
    return ""


def _pairs(theirs: Facts, ours: Facts) -> list[tuple[str, Any, Any]]:
    return [
        ("roikit", theirs.roikit, ours.roikit),
        ("roikit's code", theirs.engine[:_SHOWN], ours.engine[:_SHOWN]),
        ("numpy", theirs.numpy, ours.numpy),
        ("Python", theirs.python, ours.python),
    ]


def _sandbox_shown(facts: Facts) -> str:
    return ", ".join([facts.rung, *facts.walls])


def _sandbox(rung: str) -> tuple[str, tuple[str, ...], str]:
    if not rung:
        return "", (), ""
    from grader.errors import GraderError
    from grader.executors.parcel import kind_of
    from grader.sandbox import choose_rung

    try:
        found = choose_rung(kind_of(rung))
    except (GraderError, OSError) as problem:
        return "", (), str(problem)
    return found.name, found.missing, ""


@functools.cache
def _machine() -> str:
    """Network namespaces and containers of one machine share its cores."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return socket.gethostname()
