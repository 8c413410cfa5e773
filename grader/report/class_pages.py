"""The pages about a class as a whole, made so that each stays small however many students there are.

::

    index.html               numbers, distribution, what to teach again; the table, where it fits on a page
    identical.html           groups of students with identical wrong results
    class/1.html ...         the table of a larger class, `PER_PAGE` students a page
    class/names.html ...     every name, for the browser's own search; a line of ten leads to their rows
    class/list-1.html ...    everybody of whom another page names the first ones only
    class/identical-2.html   further groups; ``explained-2.html`` those of a known idea

The addresses are numbers: nobody can choose one. Of 20,000 students each page has less than 300 KB: a table
has at most 200 rows, fewer where a rubric is long; ``names.html`` has no link for each name, and goes on in
``names-2.html`` when it is full; a list has 1,000 names a page; and where a class does not fit on a page,
fewer students are named of an idea, a reason or a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import escape

from grader.records import ClassResult, SubmissionResult
from grader.report import ideas, identical, summary
from grader.sandbox.text import clean_line

#: The folder of the pages that only a larger class has.
FOLDER = "class"
#: Students of one page of the class's table, at most and at least; and its cells.
PER_PAGE, FEWEST_PER_PAGE, _CELLS = 200, 50, 1200
#: Students whose names one link stands for.
TEN = 10
#: Names on a page of a list, and bytes of names on a page of all names.
_LISTED, _BYTES_OF_NAMES = 1000, 270_000
#: Characters of a student's name on these pages; their own page has all.
NAME_LENGTH = 100

#: A student and the name of their page.
Row = tuple[SubmissionResult, str]
#: The context of a template -> its text.
Template = Callable[..., str]


@dataclass(frozen=True)
class _Most:
    """What is shown of something long before "and more"."""

    named: int  # students of an idea, a reason or a group
    reasons: int
    groups: int


_OF_FEW, _OF_MANY = _Most(40, 200, 200), _Most(8, 20, 100)


def per_page(result: ClassResult) -> int:
    """Return how many students the table has on a page."""
    items = max(len(result.assignment.rubric), 1)
    return min(max(_CELLS // items, FEWEST_PER_PAGE), PER_PAGE)


@dataclass(frozen=True)
class TablePage:
    """A part of the class's table."""

    number: int
    start: int  # the place of its first student in the class
    rows: Sequence[Row]

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.number}.html"

    @property
    def label(self) -> str:
        """Who is there: "Abel – Bauer"."""
        ends = self.rows[0][0].student, self.rows[-1][0].student
        return " – ".join(clean_line(name, 24) or "?" for name in dict.fromkeys(ends))

    @property
    def tens(self) -> list[tuple[int, Sequence[Row]]]:
        """Its rows by ten, each with what they are called in an address."""
        return [(self.start + k + 1, self.rows[k : k + TEN]) for k in range(0, len(self.rows), TEN)]


def table_pages(result: ClassResult, rows: Sequence[Row]) -> list[TablePage]:
    """Return the pages of the class's table: none where it stands in ``index.html``."""
    size = per_page(result)
    if len(rows) <= size:
        return []
    starts = range(0, len(rows), size)
    return [TablePage(number, at, rows[at : at + size]) for number, at in enumerate(starts, start=1)]


@dataclass(frozen=True)
class _List:
    """Everybody of whom another page names the first ones."""

    name: str
    title: str
    places: Sequence[int]


class _Lists:
    """The lists that the pages have asked for until now."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Sequence[int]], _List] = {}

    def __iter__(self) -> Iterator[_List]:
        return iter(self._found.values())

    def page_of(self, title: str, places: Sequence[int]) -> str:
        """Return where in `FOLDER` all of them are listed."""
        new = _List(f"list-{len(self._found) + 1}", title, tuple(places))
        return f"{self._found.setdefault((title, new.places), new).name}.html"


def pages(
    result: ClassResult, rows: Sequence[Row], template: Callable[[str], Any]
) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each page, ``index.html`` last: what it leads to is there before.

    Parameters
    ----------
    result : ClassResult
        An overview.
    rows : sequence of (SubmissionResult, str)
        The same submissions, and the names of their pages.
    template : callable
        The name of a template -> the template.
    """
    table, lists = table_pages(result, rows), _Lists()
    shared = {
        "result": result, "rows": rows, "table": table, "per_page": per_page(result),
        "most": _OF_MANY if table else _OF_FEW, "list_of": lists.page_of,
    }  # fmt: skip

    def filled(name: str, root: str, **context: Any) -> str:
        return template(name).render(shared, root=root, **context)

    index = filled(
        "index.html", "", numbers=summary.summarize(result), legend=summary.LEGEND,
        sections=ideas.by_section(result), unexplained=ideas.unexplained(result),
        not_graded_for=summary.not_graded(result), refused_for=summary.refused(result),
    )  # fmt: skip
    yield from _identical(result, shared["most"].groups, filled)
    for page in table:
        yield page.path, filled("class.html", "../", page=page, legend=summary.LEGEND)
    if table:
        yield from _names(table, filled)
    for one in lists:
        yield from _listed(one, filled)
    yield "index.html", index


def _identical(result: ClassResult, most: int, filled: Template) -> Iterator[tuple[str, str]]:
    """The groups that nothing explains and those that an idea does, the first of both on one page."""
    parts = {
        name: _parts(identical.groups(result, explained=name == "explained"), most)
        for name in ("identical", "explained")
    }
    first = {name: groups[0] for name, groups in parts.items()}
    further = {name: sum(map(len, groups[1:])) for name, groups in parts.items()}
    yield "identical.html", filled("identical.html", "", first=first, further=further)
    for name, groups in parts.items():
        for number, some in enumerate(groups[1:], start=2):
            context = {"kind": name, "number": number, "count": len(groups), "groups": some}
            yield f"{FOLDER}/{name}-{number}.html", filled("groups.html", "../", **context)


def _names(table: Sequence[TablePage], filled: Template) -> Iterator[tuple[str, str]]:
    """Every name, ten in a line, in as many pages as they need."""
    full: list[list[tuple[str, str]]] = [[]]
    size = 0
    for page in table:
        for anchor, rows in page.tens:
            line = ", ".join(clean_line(one.student, NAME_LENGTH) for one, _ in rows)
            size += len(escape(line).encode()) + 40
            if size > _BYTES_OF_NAMES and full[-1]:
                full.append([])
                size = 0
            full[-1].append((f"{page.number}.html#s{anchor}", line))
    for number, lines in enumerate(full, start=1):
        yield (
            _numbered(f"{FOLDER}/names", number),
            filled("names.html", "../", lines=lines, number=number, count=len(full)),
        )


def _listed(one: _List, filled: Template) -> Iterator[tuple[str, str]]:
    """Everybody of a list."""
    parts = _parts(one.places, _LISTED)
    for number, places in enumerate(parts, start=1):
        context = {"listed": one, "places": places, "number": number, "count": len(parts), "size": _LISTED}
        yield _numbered(f"{FOLDER}/{one.name}", number), filled("list.html", "../", **context)


def _numbered(path: str, number: int) -> str:
    """The path of a page that may have others after it."""
    return f"{path}.html" if number == 1 else f"{path}-{number}.html"


def _parts(entries: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """The entries, `size` a part; of none, one empty part."""
    return [entries[at : at + size] for at in range(0, len(entries), size)] or [()]
