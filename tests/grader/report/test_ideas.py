"""A class by idea, and students whose wrong outputs are identical."""

import time

import pytest

from grader.records import Diagnosis, Finding, Idea, Signature
from grader.report import ideas, identical

FORGOTTEN = Idea("scale_forgotten", "misconception", "Not scaled.", "Step 1")
NEAREST = Idea("nearest_ends", "convention", "Rounded to the nearest.", "Step 1")
SHORT = Idea("truncated_bins", "convention", "The rest was dropped.", "Step 2")
CHANNEL = Idea("right_in_first_channel_only", "behaviour", "Only channel 0 is right.", "")


def found(*pairs):
    return Diagnosis(tuple(Finding(idea, (name,), 5, 0, 1.0, ("test_five",)) for idea, name in pairs))


def signed(*pairs, explained=False):
    return Diagnosis(signatures=tuple(Signature(name, digest, 4, explained) for name, digest in pairs))


@pytest.fixture
def class_of(make_class):
    return lambda diagnoses: make_class({student: {} for student in diagnoses}, diagnoses)


# ------------------------------------------------------------------ what to teach again
def test_sections_by_how_many_students_need_them(class_of):
    """ada has both ideas of step 1 and counts once there; what has no section stands last."""
    result = class_of(
        {
            "ada": found((FORGOTTEN, "quantize_roi"), (NEAREST, "roi_pool")),
            "bob": found((SHORT, "bin_edges"), (CHANNEL, "roi_pool")),
            "cy": found((SHORT, "roi_pool"), (CHANNEL, "roi_pool")),
            "di": found((SHORT, "roi_pool"), (CHANNEL, "roi_pool")),
            "eve": found((NEAREST, "quantize_roi")),
        }
    )
    sections = ideas.by_section(result)
    assert [(section.title, section.places) for section in sections] == [
        ("Step 2", (1, 2, 3)),
        ("Step 1", (0, 4)),
        ("", (1, 2, 3)),
    ]
    assert [(row.idea, row.functions, row.places) for row in sections[1].ideas] == [
        (NEAREST, ("quantize_roi", "roi_pool"), (0, 4)),
        (FORGOTTEN, ("quantize_roi",), (0,)),
    ]


def test_functions_that_nothing_explains_in_the_assignments_order(class_of):
    result = class_of({"ada": Diagnosis((), ("roi_pool", "bin_edges")), "bob": Diagnosis((), ("roi_pool",))})
    assert ideas.unexplained(result) == (("bin_edges", (0,)), ("roi_pool", (0, 1)))


def test_an_item_has_the_findings_of_its_failing_cases(make_class):
    result = make_class({"ada": {"test_five": ("wrong", "x")}}, {"ada": found((SHORT, "bin_edges"))})
    quantize, split, *_ = result.submissions[0].items
    assert ideas.of_item(quantize, result.submissions[0].diagnosis) == ()
    assert [one.idea for one in ideas.of_item(split, result.submissions[0].diagnosis)] == [SHORT]


# ------------------------------------------------------------------ identical wrong outputs
def rows(result, **options):
    return [(group.places, group.functions, group.calls) for group in identical.groups(result, **options)]


def test_two_students_with_the_same_wrong_outputs_are_a_group(class_of):
    result = class_of(
        {"ada": signed(("roi_pool", "1")), "bob": signed(("roi_pool", "2")), "cy": signed(("roi_pool", "1"))}
    )
    assert rows(result) == [((0, 2), ("roi_pool",), 4)]


def test_the_same_digest_in_another_function_is_another_thing(class_of):
    assert rows(class_of({"ada": signed(("roi_pool", "1")), "bob": signed(("bin_edges", "1"))})) == []


def test_agreeing_in_several_functions_comes_first(class_of):
    """cy agrees with ada and bob in one function, these two with each other in both."""
    both = signed(("roi_pool", "2"), ("bin_edges", "1"))
    result = class_of({"ada": both, "bob": both, "cy": signed(("roi_pool", "2"), ("bin_edges", "9"))})
    assert rows(result) == [((0, 1), ("bin_edges", "roi_pool"), 8), ((0, 1, 2), ("roi_pool",), 4)]


def test_a_group_that_overlaps_two_others_is_found(class_of):
    """ada and bob share both, though each shares one of them with somebody else."""
    result = class_of(
        {
            "ada": signed(("roi_pool", "1"), ("bin_edges", "1"), ("quantize_roi", "1")),
            "bob": signed(("roi_pool", "1"), ("bin_edges", "1"), ("quantize_roi", "2")),
            "cy": signed(("roi_pool", "1"), ("quantize_roi", "1")),
            "di": signed(("bin_edges", "1"), ("quantize_roi", "2")),
        }
    )
    assert ((0, 1), ("bin_edges", "roi_pool"), 8) in rows(result)


def test_what_a_known_idea_explains_stands_apart(class_of):
    known = signed(("roi_pool", "1"), explained=True)
    result = class_of({"ada": known, "bob": known})
    assert rows(result) == []
    assert rows(result, explained=True) == [((0, 1), ("roi_pool",), 4)]


def test_a_large_class_is_no_matter_of_minutes(class_of):
    """A thousand students in five functions, each wrong in one of a few ways."""
    names = ("a", "b", "c", "d", "e")
    diagnoses = {
        f"s{n}": signed(*((name, str(n // (7 + k) % (40 + k))) for k, name in enumerate(names)))
        for n in range(1000)
    }
    start = time.perf_counter()
    assert identical.groups(class_of(diagnoses))
    assert time.perf_counter() - start < 60
