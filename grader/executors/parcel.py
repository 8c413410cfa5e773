"""A run's work as it travels to another machine, once: what it needs of our files goes with it."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.executors import Work
    from grader.pipeline import Plan

#: More than this is no assignment; it would be held in every worker's memory.
MAX_BYTES = 256 << 20
_NOT_SENT = ("__pycache__", ".ipynb_checkpoints", ".git")


class Parcel(Protocol):
    """Plain data, pickled by us and unpickled by a worker."""

    @property
    def key(self) -> str:
        """Of this run."""

    @property
    def rung(self) -> str:
        """The name of the sandbox's rung that every worker must have; empty: it needs none."""

    @property
    def walls(self) -> tuple[str, ...]:
        """What that rung lacks here."""

    def unpacked(self, folder: Path) -> Work:
        """The work, on the machine where it has come to; `folder` is new and its own."""


def parcel(work: Work) -> Parcel:
    """The parcel of some work; a work without a ``parcel()`` needs no files, and travels as it is."""
    make: Callable[[], Parcel] | None = getattr(work, "parcel", None)
    return make() if make is not None else Plain(secrets.token_hex(8), work)


@dataclass(frozen=True)
class Plain:
    """A work that is the same everywhere."""

    key: str
    work: Work
    rung: str = ""
    walls: tuple[str, ...] = ()

    def unpacked(self, folder: Path) -> Work:
        return self.work


@dataclass(frozen=True)
class PlanParcel:
    """A plan with its assignment's files; there it has the same fingerprint, or is refused."""

    key: str
    plan: Plan
    files: tuple[tuple[str, bytes], ...]
    fingerprint: str

    @property
    def rung(self) -> str:
        return self.plan.rung.name

    @property
    def walls(self) -> tuple[str, ...]:
        return self.plan.rung.missing

    def unpacked(self, folder: Path) -> Work:
        from grader import fingerprint
        from grader.sandbox import choose_rung

        home = folder / self.plan.assignment.name
        for name, data in self.files:
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assignment = dataclasses.replace(self.plan.assignment, folder=home)
        rung = choose_rung(kind_of(self.plan.rung.name))
        plan = dataclasses.replace(self.plan, assignment=assignment, rung=rung)
        if fingerprint.of_plan(plan) != self.fingerprint:
            raise GraderError("what it would grade with is not what is graded with here")
        return plan


def of_plan(plan: Plan) -> PlanParcel:
    """The parcel of a plan: all files of the assignment's folder, for tests may read any of them."""
    from grader import fingerprint

    folder = plan.assignment.folder
    paths = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not set(_NOT_SENT) & set(path.relative_to(folder).parts)
    ]
    if sum(path.stat().st_size for path in paths) > MAX_BYTES:
        raise GraderError(f"{folder} holds more than {MAX_BYTES >> 20} MiB: too much to send to workers")
    files = tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)
    mark = fingerprint.of_plan(plan)
    return PlanParcel(f"{mark[:16]}-{secrets.token_hex(8)}", plan, files, mark)


def kind_of(rung: str) -> str:
    """The name by which `grader.sandbox.choose_rung` finds such a rung."""
    return rung if rung in ("reduced", "none") else "auto"
