"""``grading/assignment.toml``, read and held to what it may say; every sentence about it names the line."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from grader.case import MAX_POINTS
from grader.errors import AssignmentError, meant
from grader.sandbox.limits import Limits

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_KEYS = {"title": str, "functions": list, "rubric": list, "manual": list, "limits": dict, "release": list}
_NEEDED = ("title", "functions", "rubric")
_ENTRY_KEYS = {"rubric": ("id", "title"), "manual": ("id", "title", "points")}
_LIMITS = tuple(field.name for field in dataclasses.fields(Limits))
_WORDS = {str: "a text", list: "a list", dict: "a table"}
_ID = re.compile(r"[A-Za-z0-9_-]+")  # as nbgrader has it for the cells of these ids
_HEAD = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?")


class AssignmentToml:
    """What an ``assignment.toml`` says.

    Attributes
    ----------
    table : mapping
        Its entries, checked.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        try:
            self._text = path.read_text(encoding="utf-8")
            self.table: Mapping[str, Any] = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as problem:
            said, _, where = str(problem).partition(" (at ")
            number = re.search(r"line (\d+)", where)
            line = int(number[1]) if number else self._text.count("\n") + 1
            raise AssignmentError(f"{self._name}:{line}: {said}") from None
        except (OSError, ValueError) as problem:
            raise AssignmentError(f"{self._name} cannot be read: {problem}") from None
        self._check_keys()
        self._check_names()
        self._check_limits()
        self._check_entries()

    def error(self, sentence: str, key: str = "", table: str = "", number: int = 0) -> AssignmentError:
        """The error about `key`, or about all, of the table with this name (the `number`-th of its kind)."""
        return AssignmentError(f"{self._name}:{self._line(key, table, number)}: {sentence}")

    def _line(self, key: str, table: str, number: int) -> int:
        """Where a key stands, else where its table begins, else the first line."""
        found, here, heads = 1, ("", 0), dict.fromkeys(_KEYS, -1)
        for line, text in enumerate(self._text.split("\n"), 1):
            if head := _HEAD.match(text):
                heads[head[1]] = heads.get(head[1], -1) + 1
                here = head[1], heads[head[1]]
                if here == (table, number):
                    found = line
            elif here == (table, number) and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
                return line
        return found

    # -------------------------------------------------------------- the entries
    def _check_keys(self) -> None:
        for key, value in self.table.items():
            if key not in _KEYS:
                raise self.error(f"unknown entry {key!r}; {meant(key, _KEYS)}", key, *_own_table(key, value))
            if not isinstance(value, _KEYS[key]):
                raise self.error(f"{key} must be {_WORDS[_KEYS[key]]}", key, *_own_table(key, value))
        for key in _NEEDED:
            if not self.table.get(key):
                raise self.error(f"{key} is missing", key)

    def _check_names(self) -> None:
        for key in ("functions", "release"):
            names = self.table.get(key, [])
            if not all(isinstance(name, str) for name in names):
                raise self.error(f"{key} must be a list of texts", key)
            self._check_distinct(key, names)
        for name in self.table["functions"]:
            if not name.isidentifier():
                raise self.error(f"functions: {name!r} is not the name of a function", "functions")

    def _check_distinct(self, key: str, names: Collection[str]) -> None:
        for name in names:
            if list(names).count(name) > 1:
                raise self.error(f"{key}: {name!r} is there twice", key)

    def _check_limits(self) -> None:
        for name, value in self.table.get("limits", {}).items():
            if name not in _LIMITS:
                raise self.error(f"unknown limit {name!r}; {meant(name, _LIMITS)}", name, "limits")
            try:
                Limits.from_mapping({name: value})
            except AssignmentError as problem:
                raise self.error(str(problem), name, "limits") from None

    def _check_entries(self) -> None:
        seen: set[str] = set()
        for kind, known in _ENTRY_KEYS.items():
            for number, entry in enumerate(self.table.get(kind, [])):
                self._check_entry(kind, number, entry, known)
                if entry["id"] in seen:
                    raise self.error(f"the id {entry['id']} is there twice", "id", kind, number)
                seen.add(entry["id"])

    def _check_entry(self, kind: str, number: int, entry: Any, known: tuple[str, ...]) -> None:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"]:
            raise self.error("every [[rubric]] and [[manual]] needs an id", "id", kind, number)
        name = entry["id"]
        if not _ID.fullmatch(name):
            raise self.error(f"the id {name!r} has more than letters, digits, _ and -", "id", kind, number)
        for key in entry:
            if (kind, key) == ("rubric", "points"):
                raise self.error(f"the points of {name} are those of its cases' markers", key, kind, number)
            if key not in known:
                raise self.error(f"unknown entry {key!r}; {meant(key, known)}", key, kind, number)
        if not isinstance(entry.get("title"), str) or not entry["title"].strip():
            raise self.error(f"{name} needs a title", "title", kind, number)
        points = entry.get("points")
        is_number = isinstance(points, (int, float)) and not isinstance(points, bool)
        if kind == "manual" and not (is_number and 0 <= points <= MAX_POINTS):
            wanted = f"points, a number from 0 to {MAX_POINTS:,}"
            raise self.error(f"{name} needs {wanted}", "points", kind, number)


def _own_table(key: str, value: Any) -> tuple[str, ...]:
    """A table stands below its own head."""
    return (key,) if isinstance(value, dict) or (isinstance(value, list) and dict in map(type, value)) else ()
