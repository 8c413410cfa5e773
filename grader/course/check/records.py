"""What is known of a course before it is looked at, and what is found in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.records import Assignment

#: A note is no fault.
Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing to be mended."""

    place: str  # below the course: "release/roi_pool/roi_pool.ipynb"
    sentence: str
    remedy: str
    severity: Severity = "error"


@dataclass(frozen=True)
class Settings:
    """What nbgrader is told to do; where nothing can be asked, what it does by itself."""

    ignore: tuple[str, ...]  # what it copies to nobody
    uses_scorer: bool
    runs_code: bool  # left to itself, without the scorer
    is_usual: bool  # its folders are <step>/<student>/<assignment>
    source: Path
    release: Path
    submitted: Path
    autograded: Path
    feedback: Path
    gradebook: Path | None  # of SQLite
    is_known: bool = True
    outbound: Path | None = None  # the exchange's, where students fetch assignments
    feedback_out: Path | None = None  # and their feedback

    @classmethod
    def unknown(cls, root: Path) -> Settings:
        """Of a course whose configuration cannot be read, which is told elsewhere."""
        folders = (root / name for name in ("source", "release", "submitted", "autograded", "feedback"))
        return cls(("grading",), True, False, True, *folders, root / "gradebook.db", is_known=False)


@dataclass(frozen=True)
class Source:
    """An assignment of the course, as far as it could be read."""

    folder: Path
    assignment: Assignment | None

    @property
    def name(self) -> str:
        return self.folder.name


@dataclass(frozen=True)
class Course:
    """A course, read once."""

    root: Path
    settings: Settings
    sources: tuple[Source, ...]

    def place(self, path: Path) -> str:
        """A path as it is shown: below the course, where it is there."""
        found = os.path.relpath(path, self.root)
        return str(path) if found.startswith("..") else Path(found).as_posix()
