"""Explanations: the numbers behind a value by hand, then against the operations."""

import numpy as np
import pytest
from drawn import conventions
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit import examples, explain
from roikit.convention import TAUGHT

MAP, ROI = examples.MAP_8X8_BATCH, examples.ROI_8X8
RAMP = examples.ramp(25, 25)[None, None]  # 10 y + x


@pytest.mark.parametrize(
    ("convention", "place", "rows", "columns", "maximum", "where"),
    [
        ("disjoint", (0, 0), (3, 5), (0, 3), 0.85, (3, 0)),
        ("disjoint", (0, 1), (3, 5), (3, 7), 0.84, (3, 3)),
        ("disjoint", (1, 0), (5, 8), (0, 3), 0.97, (7, 2)),
        ("disjoint", (1, 1), (5, 8), (3, 7), 0.96, (5, 6)),
        ("truncate", (1, 0), (5, 7), (0, 3), 0.69, (6, 1)),  # 5 rows in bins of 2: row 7 is in none
        ("truncate", (1, 1), (5, 7), (3, 6), 0.88, (6, 4)),
        ("caffe", (0, 1), (3, 6), (4, 8), 0.96, (5, 6)),  # 6 rows and 8 columns: ends inclusive
        ("caffe", (1, 1), (6, 9), (4, 8), 0.91, (7, 7)),
    ],
)
def test_bins_of_the_worked_example(convention, place, rows, columns, maximum, where):
    """RoI [0, 3, 7, 8]: 5 rows are cut into 2 + 3, 7 columns into 3 + 4."""
    record = explain.roi_pool(MAP, ROI, 2, convention=convention).bin(0, 0, *place)
    assert (record.rows, record.columns) == (rows, columns)
    assert (record.result, record.argmax) == (maximum, where)
    assert record.values.max() == maximum


def test_665_over_32():
    """20.78125 cells: quantized to 20 and cut into bins of 2, or kept, with bins of 2.96875."""
    pooled = explain.roi_pool(RAMP, examples.BOX_665, 7, 1 / 32, convention="truncate").bin(0, 0, 6, 6)
    assert pooled.scaled_box == (0, 0, 20.78125, 20.78125)
    assert pooled.quantized_box == (0, 0, 20, 20)
    assert (pooled.rows, pooled.columns) == ((12, 14), (12, 14))
    assert "2. times spatial_scale 0.03125: x 0 to 20.78125, y 0 to 20.78125" in str(pooled)
    assert "x: floor(0) = 0, floor(20.78125) = 20: columns 0..19 (20 cells)" in str(pooled)
    assert "x: 6·2 = 12 to 7·2 = 14 of 20 cells" in str(pooled)

    aligned = explain.roi_align(RAMP, examples.BOX_665, 7, 1 / 32, 2, True).bin(0, 0, 6, 3)
    assert aligned.rows == (6 * 2.96875 - 0.5, 7 * 2.96875 - 0.5)
    assert aligned.result == pytest.approx(10 * (6.5 * 2.96875 - 0.5) + 3.5 * 2.96875 - 0.5)


def test_sample_points_of_the_worked_example():
    """Bins 2.5 high and 3.5 wide; points at 1/4 and 3/4; the first between rows 3, 4 and columns 0, 1."""
    record = explain.roi_align(MAP, ROI, 2, 1.0, 2, True, mode="max").bin(0, 0, 0, 0)
    assert record.rows == (2.5, 5.0)
    assert record.columns == (-0.5, 3.0)
    assert record.samples.y.tolist() == [[3.125, 3.125], [4.375, 4.375]]
    assert record.samples.x.tolist() == [[0.375, 2.125], [0.375, 2.125]]
    assert record.samples.neighbours[0, 0].tolist() == [[3, 0], [3, 1], [4, 0], [4, 1]]
    assert record.samples.neighbour_values[0, 0].tolist() == [0.85, 0.34, 0.32, 0.74]
    assert record.samples.weights[0, 0].tolist() == [0.546875, 0.328125, 0.078125, 0.046875]
    assert record.result == pytest.approx(2249 / 3200, abs=1e-15)


@pytest.mark.parametrize(
    ("aligned", "mode", "expected"),
    [
        (True, "avg", [1221 / 2560, 12057 / 25600, 11697 / 25600, 5827 / 12800]),
        (False, "max", [3719 / 6400, 5207 / 6400, 753 / 1280, 441 / 800]),
        (False, "avg", [4689 / 12800, 14083 / 25600, 11771 / 25600, 4803 / 12800]),
    ],
)
def test_the_other_variants_of_the_worked_example(aligned, mode, expected):
    explanation = explain.roi_align(MAP, ROI, 2, 1.0, 2, aligned, mode=mode)
    got = [explanation.bin(0, 0, ph, pw).result for ph in range(2) for pw in range(2)]
    assert got == pytest.approx(expected, abs=1e-15)


boxes = st.tuples(*[st.floats(-6, 14, width=32)] * 4)
sizes = st.tuples(st.integers(1, 3), st.integers(1, 3))


def maps(seed: int, dtype: type) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2, 2, 7, 9)).astype(dtype)


@settings(max_examples=60, deadline=None)
@given(
    box=boxes,
    size=sizes,
    scale=st.sampled_from([1.0, 0.5, 0.3]),
    convention=conventions,
    mode=st.sampled_from(["max", "avg"]),
    dtype=st.sampled_from([np.float32, np.float64]),
    seed=st.integers(0, 9),
)
def test_pooled_bins_equal_the_operation(box, size, scale, convention, mode, dtype, seed):
    arguments = (maps(seed, dtype), [[1, *box]], size, scale)
    explanation = explain.roi_pool(*arguments, convention=convention, mode=mode)
    with roikit.use_backend("reference"):
        output = roikit.roi_pool(*arguments, convention=convention, mode=mode)
    for index in np.ndindex(output.shape):
        record = explanation.bin(*index)
        np.testing.assert_equal(record.result, float(output[index]))
        assert len(record.steps) == 6
    assert explanation.picture((0, 1)).svg.startswith("<svg")


@settings(max_examples=60, deadline=None)
@given(
    box=boxes,
    size=sizes,
    ratio=st.sampled_from([-1, 1, 2, (3, 1)]),
    aligned=st.booleans(),
    mode=st.sampled_from(["max", "avg"]),
    dtype=st.sampled_from([np.float32, np.float64]),
    seed=st.integers(0, 9),
)
def test_sampled_bins_equal_the_operation(box, size, ratio, aligned, mode, dtype, seed):
    """Up to the order of a sum over samples, and the result's own rounding."""
    arguments = (maps(seed, dtype), [[1, *box]], size, 0.5, ratio, aligned)
    explanation = explain.roi_align(*arguments, mode=mode)
    with roikit.use_backend("reference"):
        output = roikit.roi_align(*arguments, mode=mode)
    tolerance = 8 * float(np.finfo(dtype).eps)
    for index in np.ndindex(output.shape):
        record = explanation.bin(*index)
        samples = record.samples
        assert record.result == pytest.approx(float(output[index]), rel=tolerance, abs=tolerance)
        weighted = (samples.weights * samples.neighbour_values).sum(axis=-1)
        np.testing.assert_allclose(samples.values, np.where(samples.inside, weighted, 0), atol=1e-14)
        np.testing.assert_allclose(samples.weights.sum(axis=-1), 1, atol=1e-15)


@settings(max_examples=40, deadline=None)
@given(y=st.floats(-2, 9), x=st.floats(-2, 11), seed=st.integers(0, 9))
def test_points_equal_the_operation(y, x, seed):
    features = maps(seed, np.float32)
    explanation = explain.bilinear_interpolate(features, [[y, 0]], [[x], [1.0]])
    with roikit.use_backend("reference"):
        output = roikit.bilinear_interpolate(features, [[y, 0]], [[x], [1.0]])
    assert explanation.shape == output.shape == (2, 2, 2, 2)
    for index in np.ndindex(output.shape):
        assert explanation.bin(*index).result == output[index]


def test_cell_ranges_equal_the_operation():
    for length in range(12):
        for bins in range(1, 8):
            for convention in (*TAUGHT, "caffe_float32"):
                explanation = explain.bins(length, bins, convention=convention)
                got = [(explanation.bin(p).start, explanation.bin(p).end) for p in range(bins)]
                assert got == [*map(tuple, roikit.bin_edges(length, bins, convention=convention).tolist())]


def test_the_arguments_are_checked_as_the_operations_check_them():
    with pytest.raises(ValueError, match=r"rois\[0\] names batch index 3, but features holds 1 image \(0\)"):
        explain.roi_pool(MAP, [[3, 0, 0, 1, 1]], 2)
    with pytest.raises(TypeError, match="aligned must be True or False"):
        explain.roi_align(MAP, ROI, 2, 1.0, 2, "yes")
    with pytest.raises(ValueError, match="coordinates must be finite"):
        explain.bilinear_interpolate(MAP, np.nan, 0)
    with pytest.raises(ValueError, match="bins must lie within"):
        explain.bins(5, 0)


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        ((1, 0, 0, 0), r"index \(1, 0, 0, 0\): k = 1 lies outside 0..0"),
        ((0, 0, 0, -1), r"index \(0, 0, 0, -1\): pw = -1 lies outside 0..1"),
        ((0, 0, 0), r"index must be \(k, c, ph, pw\) or \(k, c\); got \(0, 0, 0\)"),
    ],
)
def test_a_place_that_the_output_has_not(index, sentence):
    with pytest.raises(ValueError, match=sentence):
        explain.roi_pool(MAP, ROI, 2).picture(index)


def test_an_index_of_another_kind():
    with pytest.raises(TypeError, match=r"index must be whole numbers \(k, c, ph, pw\)"):
        explain.roi_pool(MAP, ROI, 2).bin(0, 0, 0, 0.5)


@pytest.mark.parametrize("operation", [explain.roi_pool, explain.roi_align])
def test_without_a_roi_there_is_nothing_to_explain(operation):
    explanation = operation(MAP, np.empty((0, 5)), 2)
    assert explanation._repr_svg_() is None
    assert repr(explanation).endswith("k = 0, c = 1, ph = 2, pw = 2>")
    for ask in (explanation.picture, lambda: explanation.bin(0, 0, 0, 0)):
        with pytest.raises(ValueError, match="there is nothing to explain: the output has K = 0"):
            ask()
