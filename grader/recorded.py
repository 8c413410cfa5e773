"""A class that is read anew whenever somebody asks: whole results stay in a file, the overview in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from grader.records import SubmissionResult
from grader.report.overview import Overview, of_submissions


class Recorded(Sequence[SubmissionResult]):
    """Submissions in the class's order. Each is read when its turn comes, and kept by nobody.

    Parameters
    ----------
    read : function (int) -> SubmissionResult
        By the place in the class.
    overview : Overview
        The same submissions, slim.
    """

    def __init__(self, read: Callable[[int], SubmissionResult], overview: Overview) -> None:
        self._read, self.overview = read, overview

    def __len__(self) -> int:
        return len(self.overview)

    @overload
    def __getitem__(self, place: int) -> SubmissionResult: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[SubmissionResult]: ...
    def __getitem__(self, place: int | slice) -> SubmissionResult | Sequence[SubmissionResult]:
        if isinstance(place, int):
            return self._read(range(len(self))[place])
        places = range(len(self))[place]
        return Recorded(lambda number: self._read(places[number]), Overview(self.overview[place]))

    def __iter__(self) -> Iterator[SubmissionResult]:
        return map(self._read, range(len(self)))


def joined(classes: Iterable[Sequence[SubmissionResult]]) -> Recorded:
    """The submissions of several classes as those of one, by name; each is read where it was."""
    found = [
        (slim, submissions, place)
        for submissions in classes
        for place, slim in enumerate(_overview(submissions))
    ]
    found.sort(key=lambda one: one[0].student)
    places = [(submissions, place) for _, submissions, place in found]

    def read(number: int) -> SubmissionResult:
        submissions, place = places[number]
        return submissions[place]

    return Recorded(read, Overview(slim for slim, _, _ in found))


def _overview(submissions: Sequence[SubmissionResult]) -> Overview:
    held = getattr(submissions, "overview", None)
    return of_submissions(submissions) if held is None else held
