"""A class in memory at once: what is equal is shared, and the class's numbers come out the same."""

import random
import tracemalloc
from dataclasses import replace

import pytest

from grader import packing
from grader.records import ClassResult, Signature
from grader.report import ideas, identical
from grader.report.overview import Overview, of_submissions, overview, slim
from grader.report.summary import not_graded, refused, summarize

OWN = {"sentence": "", "picture": "", "traceback": "", "printed": ""}


def cases(submission):
    return [case for item in submission.items for case in item.cases]


def test_only_the_cases_lose_something(class_result):
    """Their sentences, pictures and tracebacks; and all but the longest their time."""
    found = overview(class_result)
    assert len(found.submissions) == len(class_result.submissions)
    for before, after in zip(class_result.submissions, found.submissions, strict=True):
        assert cases(after) == [replace(case, **OWN, seconds=one.seconds) for case, one in
                                zip(cases(before), cases(after), strict=True)]  # fmt: skip
        items = tuple(replace(a, cases=b.cases) for a, b in zip(before.items, after.items, strict=True))
        assert after == replace(before, items=items)


def test_the_longest_case_keeps_its_time(make_class):
    one = make_class({"ada": {}}).submissions[0]
    third = one.items[1]
    slow = replace(third, cases=(replace(third.cases[0], seconds=7.0), *third.cases[1:]))
    found = slim(replace(one, items=(one.items[0], slow, *one.items[2:])))
    assert [case.seconds for case in cases(found) if case.seconds] == [7.0]
    assert found.items[1].cases[0].seconds == 7.0


def test_what_is_said_of_the_class_is_the_same(class_result):
    found = overview(class_result)
    numbers = summarize(class_result)
    slowest = tuple(replace(slow, case=replace(slow.case, **OWN)) for slow in numbers.slowest)
    assert summarize(found) == replace(numbers, slowest=slowest)
    for about in (ideas.by_section, ideas.unexplained, identical.groups, not_graded, refused):
        assert about(found) == about(class_result)
    assert identical.groups(found, explained=True) == identical.groups(class_result, explained=True)


def test_an_overview_is_made_once(class_result):
    found = overview(class_result)
    assert overview(found).submissions is found.submissions

    class Read:
        """Submissions that carry theirs: nobody reads them for it."""

        overview = found.submissions

    assert overview(replace(class_result, submissions=Read())).submissions is found.submissions


def test_a_class_that_was_only_refused(make_class):
    """No cases at all, so no longest one."""
    one = make_class({"ada": {}}).submissions[0]
    bare = replace(one, items=tuple(replace(item, cases=()) for item in one.items))
    assert slim(bare) == bare


@pytest.fixture
def packed(make_class, class_result):
    """Students as text: as what comes out of a file, no two share an object."""
    chance = random.Random(8)
    wrong = [("wrong", f"RoI {n}: expected {n}.25, got {n}.5 " + "and more " * 12) for n in range(200)]
    ideas = [one.diagnosis for one in class_result.submissions if one.diagnosis.findings]

    def student(name):
        one = make_class({name: {f"test_{case}": chance.choice(wrong) for case in ("floor", "five")}})
        told = replace(
            chance.choice(ideas),
            signatures=(Signature("roi_pool", f"{chance.getrandbits(128):x}", 4, False),),
        )
        first, *rest = one.submissions[0].items
        timed = tuple(replace(case, seconds=chance.random()) for case in first.cases)
        items = (replace(first, cases=timed), *rest)
        return replace(one.submissions[0], items=items, seconds=chance.random(), diagnosis=told)

    return [packing.pack(student(f"s{number:05d}")) for number in range(2000)]


def test_a_student_takes_about_one_kilobyte(packed):
    """Of 2,000 whose sentences, times and digests differ; whole, each takes some ten times that."""
    tracemalloc.start()
    try:
        found = of_submissions(map(packing.unpack, packed))
        assert isinstance(found, Overview)
        assert tracemalloc.get_traced_memory()[0] / len(found) < 1600
    finally:
        tracemalloc.stop()


def test_the_type_says_what_is_lazy():
    assert ClassResult.__annotations__["submissions"] == "Sequence[SubmissionResult]"
