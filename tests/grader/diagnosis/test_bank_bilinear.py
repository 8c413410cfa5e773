"""The bank of `bilinear`: its solution is right, and each mistake gives the numbers that people got."""

import numpy as np
import pytest

import roikit
from grader import assignment, diagnosis
from grader.intake import extract
from grader.student import LocalBox
from roikit import examples

LESSON = assignment.load(str(assignment.home() / "bilinear"))
BANK = diagnosis.load(LESSON)
MAP = examples.MAP_8X8_BATCH[0]
CALLS = BANK.probes(np.random.default_rng(7))


def value(names, y, x):
    """What these ideas together read between the cells of the 8×8 map."""
    outcome = BANK.candidate(*names.split()).call(
        "bilinear_interpolate", (MAP, np.array([y]), np.array([x])), {}
    )
    assert outcome.status == "returned", outcome.sentence
    return outcome.value[0, 0]


@pytest.mark.parametrize(
    ("names", "y", "x", "wrong"),
    [
        ("", 3.125, 0.375, 0.63609375),
        # neighbours clipped first: both weights are 0 on the last row and column, and cancel before the first
        ("clipped_then_weighted", 3.125, 0.375, 0.63609375),
        ("clipped_then_weighted", 7.0, 7.0, 0.0),
        ("clipped_then_weighted", 7.5, 5.25, 0.0),
        ("clipped_then_weighted", -0.5, 5.25, 0.0),
        # the ceiling: no weight is left where one coordinate is whole
        ("ceil_for_second_neighbour", 5.0, 5.75, 0.0),
        ("ceil_for_second_neighbour", 5.0, 5.0, 0.0),
        ("ceil_guarded_at_lattice", 5.0, 5.75, 0.0),
        ("ceil_guarded_at_lattice", 5.0, 5.0, 0.65),
        # before the first row: weight 3/2 for row 0 and -1/2 for row 1; or half of row 7
        ("int_for_floor", -0.5, 5.25, 1.02875),
        ("negative_index_wraps", -0.5, 5.25, 0.6025),
        ("wraps_around", 7.5, 5.25, 0.6025),
        # below the last row: top_left in place of both; row 6 in their place
        ("substitute_top_left", 7.5, 5.25, 0.36875),
        ("folded", 7.5, 5.25, 0.22125),
        ("opposite_corners", 3.125, 0.375, 0.57609375),
        ("opposite_corners", 5.0, 5.0, 0.01),
        ("integer_result", 3.125, 0.375, 0.0),
        ("x_weights_swapped", 3.125, 0.375, 0.53765625),
        ("added_not_multiplied", 3.125, 0.375, 0.5775),
        ("nearest_if_either_is_whole", 5.0, 5.75, 0.65),
        ("zero_padding", 7.5, 5.25, 0.3875 / 2),
        ("clamped_everywhere", 2.0, 8.25, 0.26),
        ("zero_at_once", 7.5, 5.25, 0.0),
        # together: 1/4 of 0.65 and 3/4 of 0.96 in row 5, the other way round; nothing at a whole coordinate
        ("x_weights_swapped", 5.0, 5.75, 0.7275),
        ("x_weights_swapped ceil_for_second_neighbour", 5.0, 5.75, 0.0),
        ("x_weights_swapped ceil_for_second_neighbour", 3.125, 0.375, 0.53765625),
    ],
)
def test_the_numbers_that_people_got(names, y, x, wrong):
    assert value(names, y, x) == pytest.approx(wrong, abs=1e-12)


def test_half_a_pixel_on_a_ramp():
    """On 10 y + x half a pixel in both directions is 5.5."""
    points = (examples.ramp(9, 9)[None], np.array([2.25]), np.array([3.75]))
    given = {
        name: BANK.candidate(name).call("bilinear_interpolate", points, {}).value[0, 0]
        for name in ("half_pixel_subtracted", "half_pixel_added", "normalised_by_size", "y_and_x_swapped")
    }
    assert given == pytest.approx(
        {
            "half_pixel_subtracted": 26.25 - 5.5,
            "half_pixel_added": 26.25 + 5.5,
            "normalised_by_size": 26.25 * 8 / 9,
            "y_and_x_swapped": 39.75,
        }
    )


def test_neighbours_past_the_end():
    """At 7.5 of 8 cells: one index past the end, or the fraction of a position that was not clamped."""
    given = {
        name: [part.tolist() for part in call_neighbours(name, [7.5, -0.5])]
        for name in (
            "neighbours_not_clamped", "second_neighbour_past_the_end", "neighbours_not_clamped__fraction",
        )
    }
    assert given == {
        "neighbours_not_clamped": [[7, -1], [8, 0], [0.5, 0.5]],
        "second_neighbour_past_the_end": [[7, 0], [8, 1], [0.0, 0.0]],
        "neighbours_not_clamped__fraction": [[7, 0], [7, 0], [0.5, 0.5]],
    }


def call_neighbours(name, position):
    return BANK.candidate(name).call("neighbours", (np.array(position), 8), {}).value


def test_points_changed_in_place_are_seen_and_the_numbers_stay_right():
    arguments = (MAP, np.array([7.5, 2.0]), np.array([3.0, 7.75]))
    right = BANK.candidate().call("bilinear_interpolate", arguments, {})
    given = BANK.candidate("points_changed_in_place").call("bilinear_interpolate", arguments, {})
    assert (right.changed, given.changed) == ((), (1, 2))
    np.testing.assert_array_equal(given.value, right.value)


# ------------------------------------------------------------------ the bank as a whole
def test_its_solution_is_the_notebooks():
    source = extract.source(LESSON.notebook.name, LESSON.notebook.read_bytes())
    notebook, bank = LocalBox.from_source(source), BANK.candidate()
    for call in CALLS:
        expected, given = (box.call(call.function, call.args, dict(call.kwargs)) for box in (notebook, bank))
        assert (given.status, given.changed) == ("returned", ())
        for mine, theirs in zip(given.value, expected.value, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-6, atol=1e-6)
            assert np.asarray(mine).dtype == np.asarray(theirs).dtype


def test_its_solution_is_roikits():
    calls = [call for call in CALLS if call.function == "bilinear_interpolate"]
    for call in calls:
        given = BANK.candidate().call(call.function, call.args, {}).value
        np.testing.assert_allclose(given, roikit.bilinear_interpolate(*call.args), rtol=1e-6, atol=1e-6)


def test_there_are_probes_enough_for_each_function():
    for function in LESSON.functions:
        assert sum(call.function == function for call in CALLS) >= 40


def test_every_idea_shows_in_some_probe():
    right = [BANK.candidate().call(call.function, call.args, {}) for call in CALLS]
    for idea in BANK.ideas:
        box = BANK.candidate(idea.name)
        given = (box.call(call.function, call.args, {}) for call in CALLS)
        assert any(map(differ, given, right)), idea.name


def differ(given, right):
    if given.status != "returned" or given.changed:
        return True
    return not all(
        np.shape(mine) == np.shape(theirs)
        and np.asarray(mine).dtype == np.asarray(theirs).dtype
        and np.allclose(mine, theirs)
        for mine, theirs in zip(given.value, right.value, strict=True)
    )


def test_what_students_read():
    """At least a dozen ideas, each a sentence or two, with a heading of the notebook to go back to."""
    headings = LESSON.notebook.read_text(encoding="utf-8")
    assert len(BANK.ideas) >= 12
    for idea in BANK.ideas:
        assert 30 < len(idea.sentence) <= 160, idea.name
        assert idea.sentence[0].isupper() or idea.sentence[0] in "`xy", idea.name
        assert idea.sentence[-1] in ".?", idea.name
        assert f"## {idea.section}\\n" in headings, idea.section
