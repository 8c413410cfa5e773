"""The bank of `roi_align`: its solution is right, and each mistake gives the numbers that people got."""

import inspect

import numpy as np
import pytest

import roikit
from grader import assignment, diagnosis
from grader.intake import extract
from grader.student import LocalBox
from roikit import examples

LESSON = assignment.load(str(assignment.home() / "roi_align"))
BANK = diagnosis.load(LESSON)
CALLS = BANK.probes(np.random.default_rng(7))

RAMP, RAMP_ROI = examples.ramp(9, 9)[None, None], np.array([[0.0, 2, 1, 6, 7]])
MAP, MAP_ROI = examples.MAP_8X8_BATCH, np.array([[0.0, 0, 3, 7, 8]])


def call(names, *arguments, **options):
    """What the layer gives with these ideas in place."""
    outcome = BANK.candidate(*names.split()).call("roi_align", arguments, options)
    assert outcome.status == "returned", outcome.sentence
    return outcome.value


@pytest.mark.parametrize(
    ("names", "options", "numbers"),
    [
        ("", {}, "22.5 24.5 52.5 54.5"),
        ("", {"aligned": False}, "28 30 58 60"),
        ("", {"aligned": False, "mode": "max"}, "36 38 66 68"),
        # end-points: one a bin, two a bin, and both ends of each bin with one cell too many
        ("corners_for_centres one_sample", {"aligned": False}, "12 16 72 76"),
        ("corners_for_centres", {"aligned": False}, "22.67 25.33 62.67 65.33"),
        ("ends_of_each_bin width_plus_one", {"aligned": False}, "30.75 33.25 65.75 68.25"),
        ("normalised_by_size", {"aligned": False}, "24.89 26.67 51.56 53.33"),
        ("pixels_not_normalised", {"aligned": False}, "0 0 0 0"),
        # on a ramp thirds show in the maximum alone
        ("thirds", {"aligned": False}, "28 30 58 60"),
        ("thirds", {"aligned": False, "mode": "max"}, "33.33 35.33 63.33 65.33"),
        ("from_the_bins_corner one_sample", {"aligned": False}, "12 14 42 44"),
        ("zero_and_third", {"aligned": False}, "17.33 19.33 47.33 49.33"),
        ("grid_in_xy_order", {"aligned": False}, "32.5 52.5 35.5 55.5"),
        # half a cell is 5.5 in every bin
        ("half_pixel_forgotten", {}, "28 30 58 60"),
        ("half_pixel_added", {}, "33.5 35.5 63.5 65.5"),
        ("half_pixel_twice", {}, "17 19 47 49"),
        ("half_pixel_always", {"aligned": False}, "22.5 24.5 52.5 54.5"),
        # reads (1, 2, 7, 6): rows 2 to 6, columns 1 to 7
        ("x_and_y_swapped", {"aligned": False}, "32.5 35.5 52.5 55.5"),
        # x, y, w, h: columns 2 to 8, rows 1 to 8
        ("box_as_width_and_height", {"aligned": False}, "31 34 66 69"),
        ("output_transposed", {"aligned": False}, "28 58 30 60"),
        ("summed_not_averaged", {"aligned": False}, "112 120 232 240"),
        ("one_sample normalised_by_size half_pixel_forgotten", {}, "24.89 26.67 51.56 53.33"),
    ],
)
def test_numbers_on_a_ramp(names, options, numbers):
    """The map 10 y + x, RoI (2, 1, 6, 7), 2×2 bins of 2×2 samples."""
    given = call(names, RAMP, RAMP_ROI, (2, 2), **options)[0, 0]
    np.testing.assert_allclose(given.ravel(), [float(number) for number in numbers.split()], atol=0.005)


@pytest.mark.parametrize(
    ("names", "aligned", "mode", "numbers"),
    [
        ("one_sample", False, "avg", ".296 .261 .651 .304"),
        ("one_sample", True, "avg", ".567 .239 .511 .285"),
        ("always_maximum", False, "avg", ".581 .814 .588 .551"),
        ("always_average", False, "max", ".366 .550 .460 .375"),
        ("thirds", False, "max", ".611 .699 .66 .475"),
        ("thirds", True, "max", ".559 .514 .629 .740"),
        ("thirds", False, "avg", ".368 .436 .497 .323"),
        ("thirds", True, "avg", ".475 .362 .435 .403"),
        ("from_the_bins_corner one_sample", False, "avg", ".85 .565 .195 .65"),
        ("from_the_bins_corner", False, "avg", ".523 .481 .428 .417"),
        ("zero_and_third", False, "avg", ".570 .443 .370 .529"),
        # the last row is lost; with aligned=True no sample comes near it
        ("weights_after_the_clip", False, "avg", ".366 .550 .284 .167"),
        ("weights_after_the_clip", True, "avg", ".477 .471 .457 .455"),
        # a crop of whole cells, 7 wide and 5 high, from corner to corner
        ("corners_for_centres one_sample clipped_to_the_map__last_cell", False, "avg", ".85 .25 .83 .91"),
    ],
)
def test_numbers_on_the_8x8_map(names, aligned, mode, numbers):
    """RoI [0, 3, 7, 8], 2×2 bins of 2×2 samples."""
    given = call(names, MAP, MAP_ROI, (2, 2), aligned=aligned, mode=mode)[0, 0]
    np.testing.assert_allclose(given.ravel(), [float(number) for number in numbers.split()], atol=0.0006)


def test_four_mistakes_of_one_program():
    """Thirds, the maximum, weights after the clip and one value for all channels, in two channels."""
    features = np.concatenate([MAP, MAP - 1], axis=1)
    names = "thirds always_maximum weights_after_the_clip channels_mixed"
    given = call(names, features, MAP_ROI, (2, 2), aligned=False)[0]
    one = call("thirds weights_after_the_clip", MAP, MAP_ROI, (2, 2), aligned=False, mode="max")[0, 0]
    other = call("thirds weights_after_the_clip", MAP - 1, MAP_ROI, (2, 2), aligned=False, mode="max")[0, 0]
    np.testing.assert_array_equal(given, [np.maximum(one, other)] * 2)


@pytest.mark.parametrize(
    ("name", "aligned", "expected"),
    [
        # [32, 64, 40, 128] at 1/16 is x 2 to 2.5, y 4 to 8
        ("", True, (3.5, 1.5, 4, 0.5)),
        ("", False, (4, 2, 4, 1)),
        ("half_pixel_before_scaling", True, (4 - 1 / 32, 2 - 1 / 32, 4, 0.5)),
        ("half_pixel_changes_the_size", True, (3.5, 1.5, 4.5, 1)),
        ("minimum_size_always", True, (3.5, 1.5, 4, 1)),
        ("minimum_size_never", False, (4, 2, 4, 0.5)),
        ("still_quantized", True, (3.5, 1.5, 4, 0)),
        ("scale_forgotten", False, (64, 32, 64, 8)),
        ("scale_inverted", False, (1024, 512, 1024, 128)),
        ("scaled_twice", False, (0.25, 0.125, 1, 1)),
        ("size_from_unscaled_box", False, (4, 2, 64, 8)),
        ("width_plus_one", False, (4, 2, 5, 1.5)),
    ],
)
def test_boxes_on_the_map(name, aligned, expected):
    arguments = (np.array([32.0, 64, 40, 128]), 1 / 16, aligned)
    assert BANK.candidate(*name.split()).call("box_on_map", arguments, {}).value == pytest.approx(expected)


def test_images_are_confused():
    """Three images that hold 0, 1 and 2 everywhere, RoIs of images 2, 0, 1 at scale 1/2."""
    features = np.broadcast_to(np.arange(3.0)[:, None, None, None], (3, 1, 4, 4)).copy()
    rois = np.array([[image, 2.0, 2, 6, 6] for image in (2, 0, 1)])
    given = {
        name: call(name, features, rois, (1, 1), 0.5)[:, 0, 0, 0].tolist()
        for name in (
            "", "batch_index_ignored", "roi_number_as_image", "image_number_scaled", "rows_reversed",
            "rows_sorted_by_image", "only_first_roi",
        )
    }  # fmt: skip
    assert given == {
        "": [2, 0, 1],
        "batch_index_ignored": [0, 0, 0],
        "roi_number_as_image": [0, 1, 2],
        "image_number_scaled": [1, 0, 0],
        "rows_reversed": [1, 0, 2],
        "rows_sorted_by_image": [0, 1, 2],
        "only_first_roi": [2],
    }


def test_samples_outside_a_map_of_ones():
    """4 columns of ones, box from x = 2 to 7 in three bins: samples at 1.9 2.75 | 3.6 4.4 | 5.25 6.1."""
    features, roi = np.ones((1, 1, 4, 4)), np.array([[0.0, 2, 1, 7, 3]])
    given = {
        name: call(name, features, roi, (1, 3)).ravel().round(6).tolist()
        for name in ("", "clamped_everywhere", "outside_left_out", "zero_at_once", "zero_padding")
    }
    assert given == {
        "": [1, 0.5, 0],
        "clamped_everywhere": [1, 1, 1],
        "outside_left_out": [1, 1, 0],
        "zero_at_once": [1, 0, 0],
        "zero_padding": [1, 0.208333, 0],  # 3.583 is 0.417 of the last column
    }


def test_adaptive_samples_of_an_empty_box():
    """No height: no samples, 0. One sample at least: the value there; NumPy's average of none: NaN."""
    features, roi = np.full((1, 1, 6, 6), 5.0), np.array([[0.0, 1, 2, 5, 2]])
    given = {
        name: call(name, features, roi, (1, 1), 1.0, 0)[0, 0, 0, 0]
        for name in ("", "adaptive_at_least_one", "adaptive_means_one", "no_samples_are_nan")
    }
    assert [given[""], given["adaptive_at_least_one"], given["adaptive_means_one"]] == [0, 5, 5]
    assert np.isnan(given["no_samples_are_nan"])


def test_boxes_changed_in_place():
    rois = np.array([[0.0, 4, 4, 12, 12]])
    given = BANK.candidate("boxes_changed_in_place").call("roi_align", (RAMP, rois, (2, 2), 0.5), {})
    assert given.changed == (1,)
    np.testing.assert_array_equal(given.value, call("", RAMP, rois, (2, 2), 0.5))


def test_torchvisions_defaults_are_a_convention_and_only_defaults():
    assert {idea.name for idea in BANK.ideas if idea.kind == "convention"} == {"torchvisions_defaults"}
    given = call("torchvisions_defaults", RAMP, RAMP_ROI, (2, 2))
    np.testing.assert_allclose(given[0, 0], [[28, 30], [58, 60]])
    given = call("torchvisions_defaults", RAMP, RAMP_ROI, (2, 2), aligned=True)
    np.testing.assert_allclose(given[0, 0], [[22.5, 24.5], [52.5, 54.5]])


# ------------------------------------------------------------------ the bank as a whole
def test_its_solution_is_the_notebooks():
    source = extract.source(LESSON.notebook.name, LESSON.notebook.read_bytes())
    notebook, bank = LocalBox.from_source(source), BANK.candidate()
    for probe in CALLS:
        function, args, kwargs = probe.function, probe.args, dict(probe.kwargs)
        expected, given = (box.call(function, args, kwargs) for box in (notebook, bank))
        assert (given.status, given.changed) == ("returned", ())
        np.testing.assert_allclose(given.value, expected.value, rtol=1e-6, atol=1e-6)
    assert str(inspect.signature(notebook.namespace["roi_align"])) == str(BANK.parameters["roi_align"])


def test_its_solution_is_roikits():
    for probe in (probe for probe in CALLS if probe.function == "roi_align"):
        given = BANK.candidate().call(probe.function, probe.args, probe.kwargs).value
        options = {"sampling_ratio": 2, "aligned": True, "mode": "avg"} | probe.kwargs
        expected = roikit.roi_align(*probe.args, **options)
        np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-5)
        assert given.dtype == expected.dtype


def test_there_are_probes_enough_for_each_function():
    for function in LESSON.functions:
        assert sum(probe.function == function for probe in CALLS) >= 40


def test_every_idea_shows_in_some_probe():
    right = [BANK.candidate().call(probe.function, probe.args, probe.kwargs) for probe in CALLS]
    for idea in BANK.ideas:
        box = BANK.candidate(idea.name)
        given = (box.call(probe.function, probe.args, probe.kwargs) for probe in CALLS)
        assert any(map(differ, given, right)), idea.name


def differ(given, right):
    if given.status != "returned" or given.changed or np.shape(given.value) != np.shape(right.value):
        return True
    if np.asarray(given.value).dtype != np.asarray(right.value).dtype:
        return True
    return not np.allclose(given.value, right.value)


def test_what_students_read():
    """At least twenty ideas, each a sentence or two, with a heading of the notebook to go back to."""
    headings = LESSON.notebook.read_text(encoding="utf-8")
    assert len(BANK.ideas) >= 20
    for idea in BANK.ideas:
        assert 30 < len(idea.sentence) <= 160, idea.name
        assert idea.sentence[0].isupper() or idea.sentence.startswith(("x ", "sampling_", "output_"))
        assert idea.sentence[-1] in ".?", idea.name
        assert f"## {idea.section}\\n" in headings, idea.section
