"""The bank of roi_pool: each idea gives the numbers that people with this idea had."""

import numpy as np
import pytest

import roikit
from grader import assignment
from grader.diagnosis import bank as banks
from roikit import examples

#: Columns 0 to 6 and rows 3 to 7 of the 8×8 map in four bins: .85 .84 / .97 .96 is right.
WORKED = (examples.MAP_8X8_BATCH, np.array(examples.ROI_8X8, dtype=np.float64), (2, 2), 1.0)


@pytest.fixture(scope="module")
def bank():
    return banks.load(assignment.load("roi_pool"))


@pytest.fixture
def call(bank):
    """Call a function of the solution with these ideas in place: the value."""

    def value(function, *args, ideas=()):
        outcome = bank.candidate(*ideas).call(function, args, {})
        assert outcome.status == "returned", outcome.sentence
        return outcome.value

    return value


@pytest.fixture
def four(call):
    """The four numbers of the worked example, to three digits."""

    def numbers(*ideas, function="roi_pool", features=examples.MAP_8X8_BATCH):
        result = call(function, features, *WORKED[1:], ideas=ideas)
        return result[0, 0].round(3).tolist()

    return numbers


# ------------------------------------------------------------------ the right solution
def test_the_right_solution_is_the_notebooks(call, bank):
    assert call("quantize_roi", [30, 0, 665, 665], 1 / 32) == (0, 0, 20, 20)
    assert call("quantize_roi_caffe", [40.0, -8.0, 72.0, 100.0], 1 / 16) == (3, -1, 6, 7)
    assert call("bin_edges", 7, 2) == [(0, 3), (3, 7)]
    assert call("bin_edges_overlap", 7, 2) == [(0, 4), (3, 7)]
    assert call("bin_edges_truncate", 2, 4) == [(0, 1), (1, 2), (2, 2), (2, 2)]
    assert call("roi_pool", *WORKED).tolist() == [[[[0.85, 0.84], [0.97, 0.96]]]]
    assert call("roi_pool_caffe", *WORKED).tolist() == [[[[0.85, 0.96], [0.97, 0.91]]]]


LAYERS = {"roi_pool": "disjoint", "roi_pool_caffe": "caffe"}
SPLITS = {"bin_edges": "disjoint", "bin_edges_truncate": "truncate", "bin_edges_overlap": "caffe"}


@pytest.mark.parametrize("seed", range(3))
def test_the_right_solution_agrees_with_roikit_on_all_probes(bank, call, seed):
    for probe in bank.probes(np.random.default_rng(seed)):
        value = call(probe.function, *probe.args)
        if probe.function in LAYERS:
            expected = roikit.roi_pool(*probe.args, convention=LAYERS[probe.function])
            assert value.dtype == expected.dtype
        elif probe.function in SPLITS:
            expected = roikit.bin_edges(*probe.args, convention=SPLITS[probe.function])
        elif probe.function == "quantize_roi":
            expected = np.floor(probe.args[0] * probe.args[1])
        elif probe.function == "quantize_roi_caffe":
            scaled = probe.args[0] * probe.args[1]
            expected = np.sign(scaled) * np.floor(np.abs(scaled) + 0.5) + [0, 0, 1, 1]
        else:
            expected = maxima(*probe.args)
        np.testing.assert_array_equal(value, expected)


def maxima(feature_map, rows, columns):
    """`pool_bins`, cell by cell."""
    C, H, W = feature_map.shape
    result = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for c, ph, pw in np.ndindex(result.shape):
        cells = [
            feature_map[c, iy, ix]
            for iy in range(*rows[ph]) for ix in range(*columns[pw]) if 0 <= iy < H and 0 <= ix < W
        ]  # fmt: skip
        result[c, ph, pw] = np.max(cells) if cells else 0
    return result


def test_there_are_forty_probes_of_every_function(bank):
    functions = [probe.function for probe in bank.probes(np.random.default_rng(1))]
    assert all(functions.count(function) >= 40 for function in bank.functions)


# ------------------------------------------------------------------ numbers that people had
@pytest.mark.parametrize(
    ("ideas", "numbers"),
    [
        (["resized"], [[0.85, 0.565], [0.195, 0.65]]),
        (["resized_half_pixel"], [[0.567, 0.239], [0.511, 0.285]]),
        (["resized_to_double"], [[0.782, 0.564], [0.931, 0.772]]),
        (["overlapping_bins"], [[0.85, 0.96], [0.97, 0.96]]),
        (["x_and_y_swapped__in_bins"], [[0.64, 0.88], [0.96, 0.96]]),
        (["x_and_y_swapped"], [[0.64, 0.96], [0.88, 0.96]]),
        (["truncated_bins"], [[0.85, 0.84], [0.69, 0.88]]),
        (["overlapping_bins", "last_row_lost"], [[0.85, 0.84], [0.86, 0.96]]),
        (["bins_one_cell_longer", "overlapping_bins"], [[0.88, 0.96], [0.97, 0.96]]),
        (["larger_bins_first"], [[0.85, 0.96], [0.97, 0.88]]),
        (["averaged"], [[0.537, 0.449], [0.39, 0.452]]),
        (["integer_output"], [[0, 0], [0, 0]]),
        (["y_from_below"], [[0.69, 0.96], [0.97, 0.5]]),
    ],
)
def test_what_an_idea_makes_of_the_worked_example(four, ideas, numbers):
    assert four(*ideas) == numbers


def test_caffes_layer_at_the_border(four):
    """Row 8 is not on the map: clipped first, the bottom right bin is another one."""
    caffe = {"function": "roi_pool_caffe"}
    assert four("clipped_before_the_bins", **caffe) == [[0.85, 0.96], [0.97, 0.96]]
    assert four("last_row_lost__in_bins", **caffe) == [[0.85, 0.96], [0.86, 0.88]]


def test_caffes_layer_made_of_the_courses_parts(four):
    ideas = ("caffe_ends_floored", "caffe_ends_excluded", "caffe_disjoint_bins")
    assert four(*ideas, function="roi_pool_caffe") == four() == [[0.85, 0.84], [0.97, 0.96]]


def test_a_maximum_that_began_at_zero(four):
    below = examples.MAP_8X8_BATCH - 2  # −1.15 −1.16 / −1.03 −1.04
    assert four("started_at_zero", features=below) == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("idea", "cells", "bins", "sizes"),
    [
        ("last_bin_takes_the_rest", 5, 3, [1, 1, 3]),
        ("last_bin_takes_the_rest", 8, 3, [2, 2, 4]),
        ("last_bin_takes_the_rest", 2, 3, [0, 0, 2]),
        ("remainder_to_first_bin", 8, 3, [4, 2, 2]),
        ("larger_bins_first", 8, 3, [3, 3, 2]),
        ("larger_bins_first", 7, 3, [3, 3, 1]),
        ("larger_bins_first__by_one", 7, 3, [3, 2, 2]),  # np.array_split
        ("truncated_bins", 20, 7, [2] * 7),
        ("bin_edges_rounded", 8, 3, [3, 2, 3]),
        ("bin_edges_rounded_up", 5, 2, [3, 2]),
        ("bins_at_least_one_cell", 1, 2, [1, 1]),
    ],
)
def test_how_many_cells_the_bins_have(call, idea, cells, bins, sizes):
    edges = call("bin_edges", cells, bins, ideas=[idea])
    assert [end - start for start, end in edges] == sizes


def test_bins_that_overlap(call):
    assert call("bin_edges", 7, 3, ideas=["overlapping_bins"]) == [(0, 3), (2, 5), (4, 7)]


@pytest.mark.parametrize(
    ("idea", "box", "ends"),
    [
        ("halves_to_even", [0.5, 2.5, 3.5, 4.5], (0, 2, 4, 4)),
        ("nearest_ends", [0.5, 2.5, -0.5, 4.25], (1, 3, -1, 4)),
        ("nearest_ends__halves_up", [0.5, 2.5, -0.5, 4.25], (1, 3, 0, 4)),
        ("width_quantized", [1.6, 0.0, 4.4, 4.0], (1, 0, 3, 4)),
        ("cut_toward_zero", [-0.5, -1.5, 4.5, 4.5], (0, -1, 4, 4)),
        ("rounded_outward", [1.2, 1.2, 4.2, 4.2], (1, 1, 5, 5)),
        ("one_cell_too_many", [1.2, 1.2, 4.2, 4.2], (1, 1, 6, 6)),
        ("inclusive_ends", [1.2, 1.2, 4.2, 4.2], (1, 1, 5, 5)),
    ],
)
def test_how_ends_are_rounded(call, idea, box, ends):
    assert call("quantize_roi", box, 1.0, ideas=[idea]) == ends


@pytest.mark.parametrize(
    ("idea", "ends"),
    [
        ("scaled_twice", (2, 2, 6, 6)),
        ("scale_forgotten", (8, 8, 24, 24)),
        ("scale_inverted", (16, 16, 48, 48)),
        ("scale_cut_to_whole", (0, 0, 0, 0)),
        ("first_coordinate_unscaled", (8, 4, 12, 12)),
    ],
)
def test_what_becomes_of_the_scale(call, idea, ends):
    assert call("quantize_roi", [8.0, 8.0, 24.0, 24.0], 0.5, ideas=[idea]) == ends


def test_boxes_that_are_changed_in_place(bank):
    """Scale 1/2 makes (2, 2, 10, 10) of the caller's (4, 4, 20, 20); the result is right."""
    features, rois = np.arange(256.0).reshape(1, 1, 16, 16), np.array([[0.0, 4, 4, 20, 20]])
    wrong, right = (
        bank.candidate(*ideas).call("roi_pool", (features, rois, (2, 2), 0.5), {})
        for ideas in (["boxes_changed_in_place"], [])
    )
    assert (wrong.changed, right.changed) == ((1,), ())
    np.testing.assert_array_equal(wrong.value, right.value)


# ------------------------------------------------------------------ which image, which row
@pytest.fixture
def images(call):
    """Image n of two is full of n + 1; RoIs in the images 1, 0, 1, the second one without a whole cell."""
    features = np.ones((2, 1, 4, 4)) * np.array([1.0, 2.0])[:, None, None, None]
    rois = np.array([[1, 0, 0, 4, 4], [0, 0.5, 0, 0.75, 4], [1, 4, 4, 8, 8]])

    def numbers(*ideas):
        return call("roi_pool", features, rois, (1, 1), 0.5, ideas=ideas)

    return numbers


@pytest.mark.parametrize(
    ("idea", "numbers"),
    [
        ("batch_index_ignored", [1, 1, 1]),
        ("image_number_scaled", [1, 1, 1]),
        ("only_first_roi", [2, 0, 0]),
        ("only_first_roi__returned", [2]),
        ("empty_rois_left_out", [2, 2]),
    ],
)
def test_rows_of_the_result(images, idea, numbers):
    assert images().ravel().tolist() == [2, 1, 2]
    assert images(idea).ravel().tolist() == numbers


def test_a_roi_number_is_no_image(bank):
    """RoI 2 finds no third image."""
    features, rois = np.ones((2, 1, 4, 4)), np.array([[1.0, 0, 0, 4, 4]] * 3)
    outcome = bank.candidate("roi_number_as_image").call("roi_pool", (features, rois, (1, 1), 1.0), {})
    assert outcome.status == "error"


# ------------------------------------------------------------------ together
@pytest.mark.parametrize(
    "ideas",
    [
        ("boxes_changed_in_place", "cut_toward_zero", "inclusive_ends", "clipped_before_the_bins"),
        ("width_quantized", "resized"),
        ("halves_to_even", "last_row_lost"),
        ("scaled_twice", "image_number_scaled", "last_row_lost"),
        ("x_and_y_swapped", "nearest_ends", "overlapping_bins", "channels_mixed"),
    ],
)
def test_ideas_that_were_seen_together_combine(bank, ideas):
    """Each of them changes what the others give."""
    shows = ("quantize_roi", "roi_pool")
    probes = [probe for probe in bank.probes(np.random.default_rng(2)) if probe.function in shows]

    def outcomes(*names):
        answers = [bank.candidate(*names).call(probe.function, probe.args, {}) for probe in probes]
        return [(answer.status, np.asarray(answer.value).tolist(), answer.changed) for answer in answers]

    together = outcomes(*ideas)
    for idea in ideas:
        assert outcomes(*(name for name in ideas if name != idea)) != together


def test_the_bank_is_large_enough_and_says_where_to_go_back_to(bank):
    notebook = (assignment.home() / "roi_pool" / "roi_pool.ipynb").read_text(encoding="utf-8")
    assert len(bank.ideas) >= 80
    for idea in bank.ideas:
        assert idea.sentence.endswith((".", "?")), idea.name
        assert f"## {idea.section}" in notebook, idea.name
