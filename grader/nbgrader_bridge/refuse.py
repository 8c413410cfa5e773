"""What ``nbgrader_config.json`` of a course puts in the way of nbgrader's own grading."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

_SENTENCE = (
    "the trusted scorer is not in place, and nbgrader would run students' code as you: see what is said of "
    "nbgrader_config.py, which must call use_trusted_scorer(); `roikit course check` looks into it"
)


class NoExporter(NotebookExporter):
    """nbgrader makes its exporter before it touches anybody's folder; the trusted scorer needs none."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.log.error(_SENTENCE)
        raise NbGraderException(_SENTENCE)


class NoPreprocessor(NbGraderPreprocessor):
    """In place of ``Execute``, should another exporter be asked for."""

    def preprocess(self, notebook: Any, resources: Any) -> Any:
        raise NbGraderException(_SENTENCE)
