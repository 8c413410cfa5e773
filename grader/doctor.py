"""``roikit doctor``: what works on this machine, and how to get what does not."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from grader.errors import GraderError


@dataclass(frozen=True)
class Finding:
    """One line: a part, whether it is there, what was found, and how to get it."""

    name: str
    is_ok: bool
    detail: str
    remedy: str = ""


def findings() -> Iterator[Finding]:
    """Look at one part after the other; trying the sandbox takes about a second."""
    from grader import doctor_gpu

    yield Finding("Python", True, f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield Finding("NumPy", True, importlib.metadata.version("numpy"))
    yield _kernels()
    yield _package("pytest", "self-check and grading", "student")
    yield _package("rich", "tables at the terminal", "student")
    yield _package("jinja2", "HTML reports", "grader")
    yield _package("nbgrader", "gradebook.db, formgrader", "nbgrader")
    yield from _sandbox()
    yield from doctor_gpu.findings()


def _package(name: str, use: str, extra: str) -> Finding:
    if importlib.util.find_spec(name) is None:
        return Finding(name, False, f"missing ({use})", f"pip install 'roikit[{extra}]'")
    return Finding(name, True, f"{importlib.metadata.version(name)} ({use})")


def _kernels() -> Finding:
    from roikit._dispatch import missing_kernels

    missing = missing_kernels()
    if not missing:
        return Finding("compiled kernels", True, "built")
    return Finding(
        "compiled kernels",
        False,
        f"not built ({', '.join(missing)}): the NumPy definitions are used, same numbers, slower",
        "install a C compiler, then pip install --force-reinstall --no-binary roikit roikit",
    )


def _sandbox() -> Iterator[Finding]:
    from grader.sandbox import choose_rung, probe

    try:
        rung = choose_rung("auto")
        walls = probe(rung)
    except GraderError as problem:
        yield Finding("sandbox", False, "none here: strangers' code is not graded", str(problem))
    else:
        yield Finding("sandbox", True, f"{rung.name}, every wall tried from inside:")
        for wall in walls:
            yield Finding(f"  {wall.name}", wall.held, "held" if wall.held else wall.detail)
    if sys.platform.startswith("linux"):
        yield _control_groups()
        yield from _reduced()


def _control_groups() -> Finding:
    from grader.sandbox import cgroup

    place = cgroup.find()
    if place is not None:
        detail = f"version {place.version}, in {place.memory}: exact limits on memory and processes"
        return Finding("control groups", True, detail)
    detail = "none to be had: memory and processes are watched from outside (this is enough)"
    remedy = "for exact limits: systemd-run --user --scope -p Delegate=yes roikit grade ..."
    return Finding("control groups", False, detail, remedy)


def _reduced() -> Iterator[Finding]:
    from grader.sandbox import choose_rung, landlock

    version = landlock.version()
    yield Finding("Landlock", version > 0, f"version {version}" if version else "not in this kernel")
    try:
        missing = "; ".join(choose_rung("reduced").missing)
    except GraderError as problem:
        yield Finding("reduced sandbox", False, "does not work here", str(problem))
    else:
        yield Finding("reduced sandbox", True, f"only by --sandbox reduced; not walled in: {missing}")
