"""The report for people: a class page, a page for each student, and what each student gets as feedback.

::

    index.html              the class: numbers, distribution, what to teach again, table, rubric
    identical.html          groups of students with identical wrong results, for the instructor
    students/<id>.html      one submission, everything, for the instructor
    feedback/<id>.html      the same for the student: of a hidden case only the idea and the outcome

Pages are plain HTML that works from a folder: no script, nothing from elsewhere. Every text is escaped; only
the pictures, which roikit drew itself, are put in as they are.
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
from grader.report import ideas, identical, summary
from grader.report.files import page_names, write_many, write_whole
from grader.sandbox.text import clean, clean_line

#: Says in the page itself that it may be replaced; see ``_remove_old_pages``.
_MARK = '<meta name="generator" content="roikit">'
#: Students named of an idea or a group, and groups on a page.
_MOST_NAMED, _MOST_GROUPS = 40, 200


def write(result: ClassResult, directory: str | Path) -> Path:
    """Write the report of `result` into `directory` and return the path of its ``index.html``.

    Pages of an earlier report there are replaced; those of students who are gone are removed.
    """
    directory = Path(directory)
    names = page_names(submission.student for submission in result.submissions)
    pages = templates()
    rows = list(zip(result.submissions, names, strict=True))
    write_many(_student_pages(result, rows, pages, directory))
    page = pages.get_template("identical.html").render(
        result=result, rows=rows,
        groups=identical.groups(result), explained=identical.groups(result, explained=True),
    )  # fmt: skip
    write_whole(directory / "identical.html", page)
    page = pages.get_template("index.html").render(
        result=result, rows=rows, numbers=summary.summarize(result), legend=summary.LEGEND,
        sections=ideas.by_section(result), unexplained=ideas.unexplained(result),
        not_graded_for=summary.not_graded(result), refused_for=summary.refused(result),
    )  # fmt: skip
    write_whole(directory / "index.html", page)
    for folder in ("students", "feedback"):
        _remove_old_pages(directory / folder, keep=names)  # only now: until here an index names them
    return directory / "index.html"


def _student_pages(
    result: ClassResult,
    rows: Sequence[tuple[SubmissionResult, str]],
    pages: jinja2.Environment,
    directory: Path,
) -> Iterator[tuple[Path, str]]:
    """The pages of each student, one after the other, and their places."""
    student_page = pages.get_template("student.html")
    feedback_page = pages.get_template("feedback.html")
    names = [name for _, name in rows]
    for index, (submission, name) in enumerate(rows):
        neighbours = _neighbours(names, index)
        page = student_page.render(result=result, submission=submission, page=name, **neighbours)
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
        if path.name not in kept and _MARK in path.read_text(encoding="utf-8", errors="replace"):
            path.unlink()


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
        percent=lambda share: "–" if share is None else f"{share:.0%}",
        correlation=_correlation,
        when=_when,
        picture=_picture,
    )
    environment.globals.update(sign=summary.sign, seconds=_seconds, mark=Markup(_MARK), by_id=_by_id)
    environment.globals.update(told=_told, told_of=summary.told_of, stops=summary.stops, short=feedback.short)
    environment.globals.update(not_graded=summary.NOT_GRADED)
    environment.globals.update(fewest=summary.FEWEST)
    environment.globals.update(most_named=_MOST_NAMED, most_groups=_MOST_GROUPS)
    environment.globals.update(how_to_read=identical.HOW_TO_READ, about_explained=identical.EXPLAINED)
    return environment


def _by_id(submission: SubmissionResult) -> dict[str, Any]:
    return {item.id: item for item in submission.items}


def _told(submission: SubmissionResult) -> feedback.Told:
    cases = [case for item in submission.items for case in item.cases]
    return feedback.told(submission.diagnosis, summary.first_public(cases))


def _points(graded: Any) -> str:
    return summary.score_text(graded.score, graded.max_score)


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
