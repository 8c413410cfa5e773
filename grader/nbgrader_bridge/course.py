"""A course as its ``nbgrader_config.py`` has it: where the gradebook is, what coming late costs."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import CONFIG, FLOOR
from grader.errors import GraderError
from grader.nbgrader_bridge.database import Place
from grader.sandbox.text import clean_line

#: Where the scorer looks for hand-ins, and writes: nbgrader's own default.
STRUCTURE = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")


@dataclass(frozen=True)
class Course:
    """What the scorer needs to know of a course."""

    place: Place
    course_id: str
    plugin: Any = None  # nbgrader's, for late submissions

    @classmethod
    def of(cls, coursedir: Any, config: Any) -> Course:
        """The course of nbgrader's own ``CourseDirectory``, with the configuration it was made with."""
        from nbgrader.preprocessors import AssignLatePenalties

        with _on_path(coursedir.root):
            assigning = AssignLatePenalties(config=config)
            assigning.init_plugin()
        return cls(Place.of_url(coursedir.db_url), coursedir.course_id, assigning.plugin_inst)

    def late_penalty(self, student: str, score: float, seconds: float) -> float | None:
        """What is taken off a score: as in nbgrader, at least nothing and at most all of it."""
        if self.plugin is None:
            return None
        penalty = self.plugin.late_submission_penalty(student, score, seconds)
        if penalty is None:
            return None
        if not math.isfinite(penalty):
            raise GraderError(f"the plugin for late submissions takes off {penalty}, which is no number")
        return min(max(float(penalty), 0.0), score)


def course_of(gradebook: Path) -> Course:
    """The course in whose folder a ``gradebook.db`` lies or is to lie; without a configuration, that file."""
    from traitlets import TraitError

    folder = gradebook.resolve().parent
    if not (folder / CONFIG).is_file():
        return Course(Place.of_file(gradebook), "default_course")
    coursedir, config = configured(folder)
    try:
        return Course.of(coursedir, config)
    except TraitError as error:  # a plugin that is not there
        raise GraderError(f"{CONFIG}: {clean_line(str(error))}") from error


def configured(folder: Path) -> tuple[Any, Any]:
    """nbgrader's ``CourseDirectory`` of a folder, and the configuration it was made with."""
    from nbgrader.coursedir import CourseDirectory
    from traitlets import TraitError
    from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

    try:
        config = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
        if (folder / FLOOR).is_file():
            config.merge(JSONFileConfigLoader(FLOOR, path=str(folder)).load_config())
        return CourseDirectory(config=config, root=str(folder)), config
    except TraitError as error:
        raise GraderError(f"{CONFIG}: {clean_line(str(error))}") from error
    except Exception as error:  # the instructor's own Python
        raise GraderError(f"{CONFIG} fails: {type(error).__name__}: {clean_line(str(error))}") from error


@contextmanager
def _on_path(folder: str) -> Iterator[None]:
    """The course's own modules can be imported, as in nbgrader's programs."""
    before = list(sys.path)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path[:] = before
