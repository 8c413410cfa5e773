"""Who of the graded students is who in a system's list: by what identifies them, or not at all. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.platforms.graded import Student

#: The rules, the surest first; a full name counts only where nothing else does, and if it is unique.
RULES = ("id", "SIS id", "login", "e-mail", "another column", "e-mail's local part", "name")


@dataclass(frozen=True)
class Person:
    """One row of a system's list."""

    row: int
    key: str  # the system's own id: what it writes into the names of files; empty where the list has none
    known_as: tuple[tuple[str, str], ...]  # (rule, value) of whatever else identifies them
    name: str
    marks: tuple[int, ...] = ()  # columns by which the system will know the row again
    is_real: bool = True  # not the system's test student

    @property
    def label(self) -> str:
        return self.name or self.key or f"line {self.row + 2}"


@dataclass(frozen=True)
class Matches:
    """Who was found, who may be several, and who is nobody."""

    found: dict[str, tuple[Person, ...]]  # the rows of each student; several sections have several
    rules: dict[str, str]  # by which rule
    ambiguous: tuple[str, ...]
    unknown: tuple[str, ...]
    left: tuple[Person, ...]  # rows of nobody who was graded


def match(students: Sequence[Student], people: Sequence[Person], system: str) -> Matches:
    """Find each student's row. Whoever could be two people, or two who could be one, are nobody.

    Parameters
    ----------
    students : sequence of Student
        Whom the grader knows.
    people : sequence of Person
        Whom the system knows.
    system : {"canvas", "moodle"}
        Whose ids the names of uploaded files are believed to hold.
    """
    index = _Index(people)
    found, rules, ambiguous = {}, {}, []
    for student in students:
        rule, rows = index.rows(student, system)
        if len({_identity(people[row]) for row in rows}) > 1:
            ambiguous.append(student.name)
        elif rows:
            found[student.name], rules[student.name] = tuple(people[row] for row in sorted(rows)), rule
    claims = defaultdict(list)
    for name, persons in found.items():
        claims[_identity(persons[0])].append(name)
    for names in claims.values():
        if len(names) > 1:
            ambiguous += names
            for name in names:
                del found[name], rules[name]
    taken = {person.row for persons in found.values() for person in persons}
    unknown = [one.name for one in students if one.name not in found and one.name not in ambiguous]
    left = tuple(person for person in people if person.row not in taken and person.is_real)
    return Matches(found, rules, tuple(sorted(ambiguous)), tuple(unknown), left)


def squashed(name: str) -> str:
    """The letters and digits of a name, in lower case.

    >>> squashed("Lovelace, Ada") == squashed("lovelaceada")
    True
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def _identity(person: Person) -> str:
    return person.key or f"row {person.row}"


class _Index:
    """The rows by what identifies them."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._keys: dict[str, set[int]] = defaultdict(set)
        self._known: dict[str, dict[str, set[int]]] = {rule: defaultdict(set) for rule in RULES}
        for place, person in enumerate(people):
            if person.key:
                self._keys[person.key].add(place)
            for rule, value in _all_known(person):
                self._known[rule][value].add(place)

    def rows(self, student: Student, system: str) -> tuple[str, set[int]]:
        """The rule that found somebody first, and all rows that this one or another rule found."""
        upload = student.upload if student.upload and student.upload.system == system else None
        if upload and not upload.is_anonymous and self._keys.get(upload.id):
            return "id", self._keys[upload.id]
        hits = [(rule, self._known[rule].get(student.name.strip().casefold())) for rule in RULES[:-1]]
        hits = [(rule, rows) for rule, rows in hits if rows]
        if hits:
            return hits[0][0], set().union(*(rows for _, rows in hits))
        name = squashed(upload.person if upload else student.name)
        return "name", self._known["name"].get(name, set()) if name else set()


def _all_known(person: Person) -> Iterable[tuple[str, str]]:
    for rule, value in (("id", person.key), *person.known_as):
        value = value.strip().casefold()
        if value:
            yield rule, value
            local, at, _ = value.partition("@")
            if at and local:
                yield "e-mail's local part", local
    for name in _forms(person.name):
        yield "name", name


def _forms(name: str) -> set[str]:
    """A name as it stands, and the other way round: Lovelace, Ada is Ada Lovelace."""
    last, comma, first = name.partition(",")
    forms = {squashed(name), squashed(first + last)} if comma else {squashed(name)}
    return forms - {""}


def is_id(text: str) -> bool:
    """Whether text is a number as systems give them to people."""
    return re.fullmatch(r"[0-9]{1,19}", text) is not None
