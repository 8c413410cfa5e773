"""What a graded class takes, by the student, and what a million of them would take: a paper estimate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MANY = 1_000_000
#: A Dask scheduler's own time for one task: its documentation says 0.2 to 1 ms.
TASK_SECONDS = 1e-3


@dataclass(frozen=True)
class Sizes:
    """Bytes and files of an output folder."""

    students: int
    journal: int  # all of it
    pictures: int  # bytes of the journal's artifact lines
    results: int
    scores: int
    pages: int  # bytes of the report
    page_files: int
    gradebook: int


def sizes(output: Path, students: int) -> Sizes:
    journal = output / "journal.jsonl"
    with journal.open("rb") as lines:
        pictures = sum(len(line) for line in lines if b'","artifact":' in line[:200])
    pages = [path.stat().st_size for path in (output / "report").rglob("*") if path.is_file()]
    gradebook = output / "gradebook.db"
    return Sizes(
        students=students,
        journal=journal.stat().st_size,
        pictures=pictures,
        results=(output / "results.json").stat().st_size,
        scores=(output / "scores.csv").stat().st_size,
        pages=sum(pages),
        page_files=len(pages),
        gradebook=gradebook.stat().st_size if gradebook.exists() else 0,
    )


def amount(size: float) -> str:
    """Bytes as people say them.

    >>> amount(950), amount(12_345), amount(7.1e9)
    ('950 B', '12 kB', '7.1 GB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError


def table(found: Sizes, core_seconds: float, rows: float, batch: int) -> str:
    """The estimate, as Markdown: per student, and for `MANY`.

    Parameters
    ----------
    found : Sizes
        Of a class that was graded.
    core_seconds : float
        Time of a core that a submission takes, the driver's included.
    rows : float
        Rows in the gradebook, per student.
    batch : int
        Submissions in one task of the scheduler.
    """

    def each(size: int) -> float:
        return size / found.students

    tasks = MANY // batch
    scheduling = tasks * TASK_SECONDS
    sized = {
        "journal.jsonl without pictures": found.journal - found.pictures,
        "pictures in it, each once (a larger class repeats more of them)": found.pictures,
        "results.json": found.results,
        "scores.csv": found.scores,
        "report/": found.pages,
        "gradebook.db": found.gradebook,
    }
    counted = {"files in report/": found.page_files / found.students, "rows in the gradebook": rows}
    lines = [
        *((what, amount(each(size)), amount(each(size) * MANY)) for what, size in sized.items()),
        *((what, f"{count:.1f}", f"{count * MANY:,.0f}") for what, count in counted.items()),
        ("time of a core", f"{core_seconds * 1000:.0f} ms", f"{core_seconds * MANY / 3600:.0f} core-hours"),
        (f"Dask's tasks, {batch} submissions in each", "", f"{tasks:,}: {scheduling:.0f} s of its scheduler"),
    ]
    head = f"| | a student (of {found.students:,}) | {MANY:,} students |\n| --- | --- | --- |"
    return "\n".join([head, *(f"| {' | '.join(line)} |" for line in lines)])


def last_line(text: str) -> str:
    """`roikit grade`'s line of how many were graded, how fast, and what came of them."""
    found = re.findall(r"^graded \d+ of \d+: .*$", text, re.MULTILINE)
    return found[-1] if found else ""
