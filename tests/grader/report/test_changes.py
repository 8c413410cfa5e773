"""Two runs of a class held against each other, and what is printed of it."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from grader.report.changes import as_list, between
from grader.report.terminal_changes import print_changes

NO = ("wrong", "no")
OVERLAP = {"test_overlap": NO}  # 3 of 20 points
OURS = {"test_overlap": ("internal_error", "not graded: ours")}


@pytest.fixture
def compare(make_class):
    """Failures by student, before and after -> the changes."""
    return lambda before, after, **of_after: between(make_class(before), make_class(after, **of_after))


def printed(changes, **options):
    file = io.StringIO()
    print_changes(changes, Console(file=file, width=80, **options))
    return file.getvalue()


def test_one_up_one_down_one_as_before(compare):
    changes = compare({"ada": OVERLAP, "bob": {}, "cy": {}}, {"ada": {}, "bob": OVERLAP, "cy": {}})
    assert [(one.student, one.what) for one in changes.changed] == [("bob", "down"), ("ada", "up")]
    (item,) = changes.changed[0].items
    assert (item.title, item.before.score, item.after.score) == ("The two other conventions", 3, 0)
    assert (changes.same, changes.means) == (1, (19, 19))
    text = printed(changes)
    assert "bob      down  20 → 17  The two other conventions: 3 → 0, correct → wrong" in text
    assert "Changes: 1 down, 1 up, 1 as before; mean 19 of 20" in text


def test_nothing_changes(compare):
    changes = compare({"ada": OVERLAP}, {"ada": OVERLAP})
    assert not changes
    assert printed(changes) == "No changes: 1 as before; mean 17 of 20\n"


@pytest.mark.parametrize(
    ("before", "after", "what", "told"),
    [
        ({}, {"ada": {}}, "new", "new  – → 20"),
        ({"ada": {}}, {}, "gone", "no longer there  20 → –"),
        ({"ada": {}}, {"ada": OURS}, "not graded", "not graded  20 → –"),
        ({"ada": OURS}, {"ada": {}}, "up", "up  – → 20"),
        ({"ada": OVERLAP}, {"ada": {"test_overlap": ("timeout", "slow")}}, "outcome", "same score     17"),
    ],
)  # fmt: skip
def test_other_changes(compare, before, after, what, told):
    changes = compare(before, after)
    assert [one.what for one in changes.changed] == [what]
    assert told in printed(changes)


def test_of_an_unfinished_run_nobody_is_gone(compare):
    assert not compare({"ada": {}, "bob": {}}, {"ada": {}}, complete=False)


def test_other_points_are_said(make_class):
    """The item "The two other conventions" gives 3 points, and later 6: all who have it are up."""
    before = make_class({"ada": {}})
    (one,) = before.submissions
    items = (*one.items[:3], replace(one.items[3], score=6.0, max_score=6.0))
    rubric = (*before.assignment.rubric[:3], replace(before.assignment.rubric[3], max_score=6.0))
    after = replace(
        before,
        assignment=replace(before.assignment, rubric=rubric),
        submissions=(replace(one, items=items, score=23.0, max_score=23.0),),
    )
    text = printed(between(before, after))
    assert "20/20 → 23/23" in text
    assert "The two other conventions: 3/3 → 6/6, correct" in text
    assert "mean 20 → 23 (of 20, now of 23)" in text


def test_an_item_that_was_not_there(make_class):
    before = make_class({"ada": {}})
    (one,) = before.submissions
    before = replace(before, submissions=(replace(one, items=one.items[:3]),))
    assert "The two other conventions: – → 3, → correct" in printed(between(before, make_class({"ada": {}})))


def test_another_seed_is_said(compare):
    text = printed(compare({"ada": {}}, {"ada": {}}, seed=5))
    assert "(seed 20250303141592653589793, now 5): a change may be due to chance." in " ".join(text.split())


def test_of_many_a_hundred_are_shown(compare):
    """First those who lose something."""
    many = {f"s{k:03}": OVERLAP for k in range(150)}
    changes = compare({**many, "zoe": {}}, {**{name: {} for name in many}, "zoe": OVERLAP})
    text = printed(changes)
    assert text.index("zoe") < text.index("s000")
    assert "and 51 more" in text
    assert len(text.splitlines()) < 120
    assert len(as_list(changes)) == 151


def test_hostile_names_do_nothing_to_the_terminal(compare):
    hostile = "\x1b[2J[red]x[/]\u202e<b>" + "a" * 5000
    changes = compare({hostile: {}}, {hostile: OVERLAP})
    text = printed(changes)
    assert "[2J[red]x[/]" in text
    assert not any(bad in text for bad in ("\x1b", "\u202e"))
    assert len(text) < 2000
    assert "\x1b" not in as_list(changes)[0]["student"]


def test_a_terminal_without_unicode(compare):
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    print_changes(compare({"ada": {}}, {"ada": OVERLAP}), Console(file=file, width=80))
    file.seek(0)
    assert "20 -> 17" in file.read()


def test_the_same_for_programs(compare):
    assert as_list(compare({"ada": OVERLAP}, {"ada": {}})) == [
        {
            "student": "ada",
            "change": "up",
            "before": {"outcome": "wrong", "score": 17, "max_score": 20},
            "after": {"outcome": "correct", "score": 20, "max_score": 20},
            "items": [
                {
                    "item": "The two other conventions",
                    "before": {"outcome": "wrong", "score": 0, "max_score": 3},
                    "after": {"outcome": "correct", "score": 3, "max_score": 3},
                }
            ],
        }
    ]
