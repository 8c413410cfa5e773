"""Which submissions are alike as text, when what was handed out and what many wrote is left out.

The work is copydetect's: it lexes the source, takes names, strings, comments and spacing out of it, and
compares what is left piece by piece, as MOSS does. Nothing of a submission is executed.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.alarm import TooLong, time_limit

if TYPE_CHECKING:
    from rich.console import Console

    from grader.records import Assignment, Source

#: Characters read of one submission, and seconds that its lexing may take.
MAX_TEXT, SECONDS = 60_000, 10.0
#: Length of a piece, in characters of the source without names and spacing: about two short lines.
PIECE = 25
#: What more submissions than this have, and more than a tenth of the class, is how one writes it.
COMMON = 10
#: A pair is worth a look from this many characters in common, and from this share of one of the two.
LEAST, LEAST_SHARE = 200, 0.5
#: Pairs kept, the most alike first.
MOST_PAIRS = 100


@dataclass(frozen=True)
class Half:
    """One submission of a pair."""

    student: str
    share: float  # of its own text, how much the other has too; 0 to 1
    lines: tuple[int, ...]  # lines of its text in which that stands, from 0


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike."""

    first: Half
    second: Half
    characters: int  # that they have in common, names and spacing not counted


@dataclass(frozen=True)
class Likeness:
    """What a comparison of a class came to."""

    pairs: tuple[Pair, ...]  # the most alike first
    compared: int
    left_out: tuple[str, ...]  # students whose text could not be read, or not in time
    cut: tuple[str, ...]  # students of whom only the first `MAX_TEXT` characters were compared


def text_of(source: Source) -> str:
    """A submission's code as one text."""
    return "\n\n".join(cell.text for cell in source.cells)


def template_of(assignment: Assignment) -> str:
    """The code of the notebook that was handed out."""
    from grader.intake.extract import notebook_source
    from grader.release import student_notebook

    released = student_notebook(assignment.notebook.read_text(encoding="utf-8"))
    return text_of(notebook_source(released.encode("utf-8")))


def compare(texts: Mapping[str, str], template: str = "") -> Likeness:
    """Compare every submission with every other.

    Parameters
    ----------
    texts : mapping of student to source text
        As strangers wrote them; they need not be Python.
    template : str, optional
        What was handed out; nobody has that in common with anybody.

    Raises
    ------
    ModuleNotFoundError
        Without copydetect, which ``roikit[similarity]`` brings.
    """
    handed_out = list(_fingerprint(template, ()).hashes)
    prints, late = {}, []
    for student, text in texts.items():
        try:
            with time_limit(SECONDS):
                prints[student] = _fingerprint(text[:MAX_TEXT], handed_out)
        except TooLong:
            late.append(student)
    _leave_out_common(list(prints.values()))
    pairs = [_pair(first, second, prints) for first, second in _candidates(prints)]
    pairs = [pair for pair in pairs if pair.characters >= LEAST and _share(pair) >= LEAST_SHARE]
    pairs.sort(key=lambda pair: (-_share(pair), -pair.characters, pair.first.student, pair.second.student))
    cut = tuple(student for student in prints if len(texts[student]) > MAX_TEXT)
    return Likeness(tuple(pairs[:MOST_PAIRS]), len(prints), tuple(late), cut)


def _fingerprint(text: str, handed_out: Iterable[int]) -> Any:
    """Every piece of a text but the template's; winnowing would choose others in every process."""
    from copydetect import CodeFingerprint

    pieces = list(handed_out)
    return CodeFingerprint("", PIECE, 1, boilerplate=pieces, language="python", fp=io.StringIO(text))


def _leave_out_common(prints: list[Any]) -> None:
    """Take the pieces that many have out of every fingerprint."""
    from copydetect.utils import get_token_coverage

    most = max(COMMON, len(prints) // 10)
    counts = Counter(piece for each in prints for piece in each.hashes)
    common = {piece for piece, count in counts.items() if count > most}
    for each in prints:
        for piece in each.hashes & common:
            del each.hash_idx[piece]
        each.hashes -= common
        each.token_coverage = get_token_coverage(each.hash_idx, PIECE, len(each.filtered_code))


def _candidates(prints: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs with enough pieces in common to be looked at closely."""
    holders: dict[int, list[str]] = {}
    for student, each in prints.items():
        for piece in each.hashes:
            holders.setdefault(piece, []).append(student)
    shared: Counter[tuple[str, str]] = Counter()
    for students in holders.values():
        shared.update(combinations(students, 2))
    for (first, second), count in shared.most_common():
        if count >= LEAST_SHARE / 2 * min(len(prints[first].hashes), len(prints[second].hashes)):
            yield first, second


def _pair(first: str, second: str, prints: Mapping[str, Any]) -> Pair:
    from copydetect import compare_files

    characters, shares, slices = compare_files(prints[first], prints[second])
    halves = (
        Half(student, float(share), _lines(prints[student].raw_code, places))
        for student, share, places in zip((first, second), shares, slices, strict=True)
    )
    return Pair(*halves, int(characters))


def _share(pair: Pair) -> float:
    return max(pair.first.share, pair.second.share)


def _lines(text: str, slices: Any) -> tuple[int, ...]:
    """The lines that the slices (starts and ends) of a text touch."""
    touched: set[int] = set()
    for start, end in zip(*slices.tolist(), strict=True):
        piece = text[int(start) : int(end)]
        first = text.count("\n", 0, int(start) + len(piece) - len(piece.lstrip()))
        touched.update(range(first, first + piece.strip().count("\n") + 1))
    return tuple(sorted(touched))


# ------------------------------------------------------------------ the command
def run(console: Console, assignment: str, submissions: Path, output: Path | None = None) -> bool:
    """Compare the texts of a class and print the pairs that are most alike.

    Parameters
    ----------
    assignment, submissions
        As of ``roikit grade``.
    output : Path, optional
        The folder that ``roikit grade`` wrote: the page ``report/similar.html`` is added there, and pairs
        whose wrong results are identical too are marked.

    Returns
    -------
    bool
        Whether every submission could be read and compared.
    """
    from grader.assignment import load
    from grader.intake import collect
    from grader.report import results_json, similar
    from grader.sandbox import Limits

    found = load(assignment)
    digests = similar.digests_of(results_json.read(output / "results.json")) if output else {}
    template, texts, unread = template_of(found), {}, []
    with collect.hand_ins(submissions, found.name, Limits.from_mapping(found.limits), found) as hand_ins:
        for hand_in in hand_ins:
            source = hand_in.read().source
            if source is None:
                unread.append(hand_in.student)
            else:
                texts[hand_in.student] = text_of(source)
    with console.status(f"comparing {len(texts)} submissions"):
        likeness = compare(texts, template)
    likeness = replace(likeness, left_out=(*unread, *likeness.left_out))
    similar.print_pairs(likeness, digests, console)
    if output:
        page = similar.write(likeness, texts, digests, found.title, output / "report")
        console.print(f"Texts side by side: {page}", markup=False, highlight=False, soft_wrap=True)
    return not likeness.left_out
