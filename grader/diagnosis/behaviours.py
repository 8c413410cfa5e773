"""What is regular about wrong outputs that no known idea gives: told as what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from inspect import BoundArguments
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from grader.diagnosis.answers import Answer
from grader.diagnosis.bank import Call
from grader.diagnosis.evidence import Ask, Evidence, Fact, key_of
from grader.records import Finding, Idea

Numbers = NDArray[np.float64]

Rule = Callable[[Evidence, list[Fact]], bool]
#: Wrong outputs without which nothing is said.
LEAST = 2


def seen(evidence: Evidence, ask: Ask) -> list[Finding]:
    """The first behaviour that all wrong outputs of a function show, as a list of one; or none."""
    facts = [fact for fact in evidence.wrong if fact.answer.numbers is not None]
    if len(facts) < LEAST:
        return []
    rules = {"other_when_called_again": (_other_again(ask), OTHER_AGAIN), **RULES}
    for name, (rule, sentence) in rules.items():
        if rule(evidence, facts):
            cases = tuple(dict.fromkeys(fact.case for fact in facts if fact.case))
            against = len(evidence.wrong) - len(facts)
            confidence = round(1 - 0.5 ** len(facts), 4)
            idea = Idea(name, "behaviour", sentence, "")
            return [Finding(idea, (evidence.function,), len(facts), against, confidence, cases)]
    return []


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each behaviour, with all the functions that show it."""
    found: dict[str, Finding] = {}
    for one in findings:
        same = found.get(one.idea.name)
        found[one.idea.name] = one if same is None else replace(
            same,
            functions=same.functions + one.functions,
            agreeing=same.agreeing + one.agreeing,
            against=same.against + one.against,
            confidence=max(same.confidence, one.confidence),
            cases=tuple(dict.fromkeys(same.cases + one.cases)),
        )
    return list(found.values())


def _other_again(ask: Ask) -> Rule:
    """In a sandbox every call starts from the same state; in a self-check one may leave something."""

    def rule(evidence: Evidence, facts: list[Fact]) -> bool:
        again = ask(facts[0].call)
        return again is not None and not again.same(facts[0].answer)

    return rule


# ------------------------------------------------------------------ of the whole output
def _always_the_same(evidence: Evidence, facts: list[Fact]) -> bool:
    return evidence.is_always_the_same


def _other_dtype(evidence: Evidence, facts: list[Fact]) -> bool:
    return all(replace(f.answer, dtype="").same(_right(evidence, f)) for f in facts)


def _arguments_changed(evidence: Evidence, facts: list[Fact]) -> bool:
    wanted = [_right(evidence, fact) for fact in facts]
    return all(replace(f.answer, changed=w.changed).same(w) for f, w in zip(facts, wanted, strict=True))


def _axes_permuted(evidence: Evidence, facts: list[Fact]) -> bool:
    pairs = list(_pairs(evidence, facts))
    ndim = pairs[0][1].ndim
    if ndim < 2 or any(wanted.ndim != ndim for _, wanted in pairs):
        return False
    orders = list(permutations(range(ndim)))[1:]
    return any(all(_equal(got, wanted.transpose(order)) for got, wanted in pairs) for order in orders)


def _constant_offset(evidence: Evidence, facts: list[Fact]) -> bool:
    return _constant(evidence, facts, lambda got, wanted: got - wanted)


def _constant_factor(evidence: Evidence, facts: list[Fact]) -> bool:
    def ratio(got: Numbers, wanted: Numbers) -> Numbers:
        return np.where((wanted == 0) & (got == 0), np.nan, got / wanted)

    return _constant(evidence, facts, ratio)


def _constant(
    evidence: Evidence, facts: list[Fact], of: Callable[[Numbers, Numbers], Numbers], least: int = 4
) -> bool:
    """Whether `of(got, wanted)` is one number everywhere; NaN says nothing."""
    pairs = list(_pairs(evidence, facts))
    if any(got.shape != wanted.shape for got, wanted in pairs):
        return False
    with np.errstate(all="ignore"):
        values = np.concatenate([of(got, wanted).ravel() for got, wanted in pairs])
    values = values[~np.isnan(values)]
    is_one = values.size >= least and np.isfinite(values).all() and bool(np.ptp(values) <= 1e-6)
    return is_one and abs(values[0]) > 1e-6  # zeros everywhere are no multiple of anything


# ------------------------------------------------------------------ of where it is right
def _shifted(evidence: Evidence, facts: list[Fact]) -> bool:
    """By one cell up, down, left or right, the same in every output."""
    steps = ((0, 1), (0, -1), (1, 0), (-1, 0))
    return any(all(_is_shifted(evidence, fact, *step) for fact in facts) for step in steps)


def _is_shifted(evidence: Evidence, fact: Fact, dy: int, dx: int) -> bool:
    given = _bound(evidence, fact.call)
    names = given.arguments
    if {"rois", "spatial_scale"} <= set(names):
        rois, scale = np.array(names["rois"], float), names["spatial_scale"]
        names["rois"] = rois + np.array([0, dx, dy, dx, dy]) / scale
    elif {"features", "y", "x"} <= set(names):
        names["y"], names["x"] = np.asarray(names["y"]) + dy, np.asarray(names["x"]) + dx
    else:
        return False
    call = Call(fact.call.function, given.args, given.kwargs)
    return fact.answer.same(evidence.predictions.of((), call, key_of(call)))


def _first_channel_only(evidence: Evidence, facts: list[Fact]) -> bool:
    names = evidence.predictions.bank.parameters[evidence.function].parameters
    if not {"features", "feature_map"} & set(names):
        return False
    axis = 1 if "rois" in names else 0
    pairs = [_same_shape(pair, axis + 1) for pair in _pairs(evidence, facts)]
    return all(
        pair is not None and pair[0].shape[axis] > 1
        and _equal(pair[0].take(0, axis), pair[1].take(0, axis))
        for pair in pairs
    )  # fmt: skip


def _first_image_only(evidence: Evidence, facts: list[Fact]) -> bool:
    return _rows_tell(evidence, lambda rois, given: np.asarray(rois)[:, 0] == 0)


def _inside_only(evidence: Evidence, facts: list[Fact]) -> bool:
    def inside(rois: Numbers, given: BoundArguments) -> NDArray[np.bool_]:
        H, W = given.arguments["features"].shape[-2:]
        x1, y1, x2, y2 = (np.asarray(rois)[:, 1:] * given.arguments["spatial_scale"]).T
        return (x1 >= 0) & (y1 >= 0) & (x2 <= W) & (y2 <= H)

    return _rows_tell(evidence, inside)


def _square_only(evidence: Evidence, facts: list[Fact]) -> bool:
    def is_square(fact: Fact) -> bool:
        size = _bound(evidence, fact.call).arguments.get("output_size", ())
        return len(size) == 2 and size[0] == size[1]

    if "output_size" not in evidence.predictions.bank.parameters[evidence.function].parameters:
        return False
    enough = len(evidence.right) >= LEAST
    return enough and all(map(is_square, evidence.right)) and not any(map(is_square, facts))


def _rows_tell(
    evidence: Evidence, right_where: Callable[[Numbers, BoundArguments], NDArray[np.bool_]]
) -> bool:
    """Whether exactly the RoIs for which `right_where` holds are right, and there are both kinds."""
    if not {"features", "rois", "spatial_scale"} <= set(
        evidence.predictions.bank.parameters[evidence.function].parameters
    ):
        return False
    is_right, should = [], []
    for fact in (*evidence.wrong, *evidence.right):
        given, wanted = _bound(evidence, fact.call), _right(evidence, fact).numbers
        got = fact.answer.numbers
        if got is None or wanted is None or got.shape != wanted.shape:
            return False
        is_right += [_equal(*row) for row in zip(got, wanted, strict=True)]
        should += right_where(given.arguments["rois"], given).tolist() if len(wanted) else []
    return len(set(should)) == 2 and is_right == should


# ------------------------------------------------------------------ what the rules are made of
def _right(evidence: Evidence, fact: Fact) -> Answer:
    return evidence.predicted((), fact)


def _pairs(evidence: Evidence, facts: list[Fact]) -> Iterator[tuple[Numbers, Numbers]]:
    """Got and wanted; an empty array stands for a right solution that raises."""
    for fact in facts:
        wanted = _right(evidence, fact).numbers
        yield fact.answer.numbers, np.empty(0) if wanted is None else wanted


def _same_shape(pair: tuple[Numbers, Numbers], ndim: int) -> tuple[Numbers, Numbers] | None:
    got, wanted = pair
    return pair if got.shape == wanted.shape and got.ndim >= ndim else None


def _equal(got: Numbers, wanted: Numbers) -> bool:
    return Answer(got).same(Answer(wanted))


def _bound(evidence: Evidence, call: Call) -> BoundArguments:
    """The call's arguments by name."""
    given = evidence.predictions.bank.parameters[call.function].bind(*call.args, **call.kwargs)
    given.apply_defaults()
    return given


OTHER_AGAIN = (
    "The same call gave another result the second time: is something kept between calls, or drawn at random?"
)
#: Rule and sentence by name, the plainest first.
RULES: dict[str, tuple[Rule, str]] = {
    "always_the_same": (_always_the_same, "The result is the same, whatever the function is given."),
    "other_dtype": (_other_dtype, "The numbers are right, but their dtype is not the one asked for."),
    "changes_its_arguments": (
        _arguments_changed, "The numbers are right, but the caller's arrays were changed; work on copies."
    ),
    "axes_permuted": (_axes_permuted, "The numbers are right, but the result's axes are in another order."),
    "constant_offset": (_constant_offset, "All numbers are off by one and the same amount."),
    "constant_factor": (_constant_factor, "All numbers are off by one and the same factor."),
    "shifted_by_a_cell": (_shifted, "The result is that of a place one cell beside the one asked for."),
    "right_in_first_channel_only": (_first_channel_only, "Channel 0 is right, the other channels are not."),
    "right_in_first_image_only": (_first_image_only, "RoIs of image 0 are right, others are not."),
    "right_for_square_outputs_only": (
        _square_only, "Outputs as high as wide are right, others are not: output_size is (height, width)."
    ),
    "right_inside_the_map_only": (
        _inside_only, "Boxes inside the map are right, boxes over its border are not."
    ),
}  # fmt: skip
