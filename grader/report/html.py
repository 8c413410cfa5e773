"""The report for people: pages about the class, and of each student one for the instructor and the feedback.

::

    index.html, identical.html, class/    see ``class_pages``
    students/<id>.html                    one submission, everything, for the instructor
    feedback/<id>.html                    the same for the student: of a hidden case the idea and the outcome

Pages are plain HTML that works from a folder: no script, nothing from elsewhere. Every text is escaped; only
the pictures, which roikit drew itself, are put in as they are. One submission with its pictures is in memory
at a time.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from grader import feedback
from grader.records import ClassResult, SubmissionResult
from grader.report import class_pages, identical, summary
from grader.report.class_pages import Row
from grader.report.files import page_names, write_many
from grader.report.overview import overview
from grader.sandbox.text import clean, clean_line

#: Says in the page itself that it may be replaced; see ``_remove_old_pages``.
_MARK = '<meta name="generator" content="roikit">'
#: Characters of a page in which that stands.
_HEAD = 1000


def write(result: ClassResult, directory: str | Path) -> Path:
    """Write the report of `result` into `directory` and return the path of its ``index.html``.

    Pages of an earlier report there are replaced; those of students who are gone are removed.
    """
    directory = Path(directory)
    seen, pages = overview(result), templates()
    names = page_names(one.student for one in seen.submissions)
    rows = list(zip(seen.submissions, names, strict=True))
    folders = {"students": names, "feedback": names, class_pages.FOLDER: []}
    write_many(_student_pages(result, rows, pages, directory))
    write_many(_class_pages(seen, rows, pages, directory, folders[class_pages.FOLDER]))
    for folder, kept in folders.items():
        _remove_old_pages(directory / folder, keep=kept)  # only now: until here an index names them
    return directory / "index.html"


def _class_pages(
    seen: ClassResult, rows: Sequence[Row], pages: jinja2.Environment, directory: Path, names: list[str]
) -> Iterator[tuple[Path, str]]:
    """The pages about the class and their places; the names of those in a folder of their own are noted."""
    for path, page in class_pages.pages(seen, rows, pages.get_template):
        place = directory / path
        if place.parent != directory:
            names.append(place.stem)
        yield place, page


def _student_pages(
    result: ClassResult, rows: Sequence[Row], pages: jinja2.Environment, directory: Path
) -> Iterator[tuple[Path, str]]:
    """The pages of each student, one after the other, and their places."""
    student_page = pages.get_template("student.html")
    feedback_page = pages.get_template("feedback.html")
    names = [name for _, name in rows]
    around = [page.path for page in class_pages.table_pages(result, rows) for _ in page.rows]
    for index, submission in enumerate(result.submissions):
        name, neighbours = names[index], _neighbours(names, index)
        page = student_page.render(
            result=result, submission=submission, page=name, around=around[index] if around else "",
            **neighbours,
        )  # fmt: skip
        yield directory / "students" / f"{name}.html", page
        page = feedback_page.render(result=result, submission=summary.for_student(submission))
        yield directory / "feedback" / f"{name}.html", page


def _neighbours(names: list[str], index: int) -> dict[str, str | None]:
    return {
        "before": names[index - 1] if index else None,
        "after": names[index + 1] if index + 1 < len(names) else None,
    }


def _remove_old_pages(folder: Path, keep: Iterable[str]) -> None:
    kept = {f"{name}.html" for name in keep}
    for path in folder.glob("*.html"):
        if path.name not in kept and _is_ours(path):
            path.unlink()


def _is_ours(path: Path) -> bool:
    """Whether our mark stands where it stands in our pages, in the head."""
    with open(path, encoding="utf-8", errors="replace") as page:
        return _MARK in page.read(_HEAD)


# ------------------------------------------------------------------ what the templates can say
def templates() -> jinja2.Environment:
    """The pages, and what they can say."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("grader.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        text=lambda text: clean(text, summary.SENTENCE_LIMIT),
        line=lambda text: clean_line(text, summary.SENTENCE_LIMIT),
        idea=_idea,
        traceback=lambda text: clean(text, summary.TRACEBACK_LIMIT),
        number=summary.number,
        points=_points,
        name=lambda text: clean_line(text, class_pages.NAME_LENGTH),
        count=lambda number: f"{number:,}",
        percent=lambda share: "–" if share is None else f"{share:.0%}",
        correlation=_correlation,
        when=_when,
        picture=_picture,
    )
    environment.globals.update(sign=summary.sign, seconds=_seconds, mark=Markup(_MARK), by_id=_by_id)
    environment.globals.update(told=_told, told_of=summary.told_of, stops=summary.stops, short=feedback.short)
    environment.globals.update(not_graded=summary.NOT_GRADED)
    environment.globals.update(fewest=summary.FEWEST)
    environment.globals.update(everybody=_everybody)
    environment.globals.update(how_to_read=identical.HOW_TO_READ, about_explained=identical.EXPLAINED)
    return environment


def _by_id(submission: SubmissionResult) -> dict[str, Any]:
    return {item.id: item for item in submission.items}


def _told(submission: SubmissionResult) -> feedback.Told:
    cases = [case for item in submission.items for case in item.cases]
    return feedback.told(submission.diagnosis, summary.first_public(cases))


def _points(graded: Any) -> str:
    return summary.score_text(graded.score, graded.max_score)


def _everybody(reasons: Iterable[tuple[str, Sequence[int]]]) -> tuple[int, ...]:
    return tuple(sorted(place for _, places in reasons for place in places))


def _correlation(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _idea(text: str) -> Markup:
    """A test's docstring: what stands in backticks is code."""
    pieces = re.split(r"`+([^`]+)`+", clean_line(text, summary.SENTENCE_LIMIT))
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(piece) if k % 2 else piece for k, piece in enumerate(pieces))


def _picture(svg: str) -> Markup:
    # The one place where text goes into a page unescaped: roikit's own drawing, and nothing that is not one.
    return Markup(svg) if svg.lstrip().startswith("<svg") else Markup("")


def _moment(stamp: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00"))


def _when(stamp: str) -> str:
    """Return "3 March 2025, 14:02 UTC" for an ISO 8601 stamp; any other text as it is."""
    try:
        moment = _moment(stamp)
    except ValueError:
        return stamp
    zone = f"{moment:%z}" if moment.utcoffset() else "UTC"
    return f"{moment.day} {moment:%B %Y, %H:%M} {zone}"


def _seconds(result: ClassResult) -> str:
    """Return how long the run took, as people say it; nothing where the stamps do not tell."""
    try:
        total = (_moment(result.finished) - _moment(result.started)).total_seconds()
    except (ValueError, TypeError):
        return ""
    return f"{total:.1f} s" if total < 100 else f"{total / 60:.0f} min"
