"""Reports of submissions that are read as they are needed: one pass each, none kept, and no work squared."""

import io
import sys
import weakref
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.console import Console

from grader.records import Diagnosis, Signature
from grader.report import class_pages, html, ideas, identical, junit, scores_csv, summary, terminal
from grader.report.files import page_names
from grader.report.overview import overview


class Read(Sequence):
    """Submissions made anew in each pass; knows the passes, and how many were alive at a time."""

    def __init__(self, submissions):
        self._kept = submissions
        self._alive = weakref.WeakSet()
        self.passes = self.most = 0

    def __len__(self):
        return len(self._kept)

    def __getitem__(self, place):
        raise AssertionError("an index costs a read")

    def __iter__(self):
        self.passes += 1
        for one in self._kept:
            one = replace(one)
            self._alive.add(one)
            self.most = max(self.most, len(self._alive))
            yield one


@pytest.fixture
def result(make_many):
    """Twelve students."""
    return replace(make_many([]), submissions=Read(make_many(f"s{k}" for k in range(12)).submissions))


@pytest.mark.parametrize("write", [scores_csv.write, junit.write])
def test_a_file_is_written_in_one_pass(result, tmp_path, write):
    write(result, tmp_path / "new" / "file")
    assert result.submissions.passes == 1
    assert result.submissions.most <= 2  # this one, and the one before until then
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


def test_a_report_is_one_pass_beside_the_overview(result, tmp_path, monkeypatch):
    monkeypatch.setattr(class_pages, "PER_PAGE", 4)
    html.write(result, tmp_path)
    assert result.submissions.passes == 2
    assert result.submissions.most <= 2
    assert len(list(tmp_path.glob("students/*.html"))) == 12
    assert (tmp_path / "class" / "3.html").exists()


def test_students_pages_are_written_as_they_are_made(result, tmp_path, monkeypatch):
    """A grader that dies on the way has the pages before."""
    made = result.submissions.__iter__

    class Broken(Read):
        def __iter__(self):
            for place, one in enumerate(made()):
                if self.passes and place == 5:
                    raise OSError("gone")
                yield one
            self.passes += 1

    with pytest.raises(OSError, match="gone"):
        html.write(replace(result, submissions=Broken(result.submissions)), tmp_path)
    assert len(list(tmp_path.glob("students/*.html"))) == 5


def test_the_terminal_asks_for_the_overview_alone(result):
    terminal.print_class(result, Console(file=io.StringIO(), width=80))
    assert result.submissions.passes == 1


# ------------------------------------------------------------------ no work squared
def calls(function):
    """How many calls, of Python and of C, this takes."""
    count = 0

    def saw(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(saw)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def with_signatures(result):
    """One signature of three students in a row, one of half the class, one of their own."""
    submissions = tuple(
        replace(
            one,
            diagnosis=replace(
                one.diagnosis or Diagnosis(),
                signatures=(
                    Signature("quantize_roi", f"a{k // 3}", 4, False),
                    Signature("bin_edges", f"b{k % 2}", 5, False),
                    Signature("roi_pool", f"c{k}", 6, False),
                ),
            ),
        )
        for k, one in enumerate(result.submissions)
    )
    return replace(result, submissions=submissions)


@pytest.mark.parametrize(
    "work",
    [
        overview,
        summary.summarize,
        summary.not_graded,
        ideas.by_section,
        ideas.unexplained,
        identical.groups,
        lambda result: page_names(one.student for one in result.submissions),
        lambda result: page_names(f"{one.student}?" for one in result.submissions),
    ],
    ids=["overview", "summary", "reasons", "ideas", "unexplained", "identical", "names", "odd names"],
)
def test_four_times_the_class_is_four_times_the_work(make_many, work):
    few, many = (overview(with_signatures(make_many(f"s{k}" for k in range(count)))) for count in (400, 1600))
    assert calls(lambda: work(many)) < 5 * calls(lambda: work(few)) + 1000


def test_groups_of_a_class_in_which_all_share_something():
    """One signature of all, and one of each two: as many groups as pairs, and one of all."""
    held = [
        frozenset((Signature("f", "all", 1, False), Signature("g", str(k // 2), 1, False)))
        for k in range(2000)
    ]
    found = identical._common(held)
    assert sorted(map(len, found.values())) == [2] * 1000 + [2000]
