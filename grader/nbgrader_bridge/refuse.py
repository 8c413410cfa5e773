"""What ``nbgrader_config.json`` of a course puts in place of nbgrader's own way of grading."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from grader.errors import GraderError


class Refuse(NbGraderPreprocessor):
    """Never reached while ``nbgrader_config.py`` asks for the trusted scorer; else nobody's code is run."""

    def preprocess(self, notebook: Any, resources: Any) -> Any:
        raise GraderError(
            "the trusted scorer is not in place, and nbgrader would run this student's code as you: "
            "see what nbgrader says of nbgrader_config.py, which must call use_trusted_scorer()"
        )
