"""The gradient of maxima of samples by the map: all of it goes to the largest sample, or to one neighbour."""

import numpy as np
import pytest
from gradients import boxes_anywhere, central_differences
from hypothesis import given
from hypothesis import strategies as st

import roikit
from roikit import Convention, ps_roi_align, ps_roi_align_backward, roi_align, roi_align_backward

pytestmark = pytest.mark.usefixtures("backend")

FEW_ROUNDINGS = 1e-12
MODES = ("max", "max_corners")
NAN, INF = float("nan"), float("inf")
#: roi_align's, which leaves samples off the map out.
LEFT_OUT = Convention("none", "exclusive", "sampled", empty_value=-INF)


def give_back(features, box, mode="max", grad=8.0, sampling_ratio=(1, 2), **options):
    """What one bin of one channel gives to the map."""
    maps = np.array(features, np.float64)[None, None]
    grad = np.full((1, 1, 1, 1), grad)
    how = {"sampling_ratio": sampling_ratio, "mode": mode, "features": maps, **options}
    return roi_align_backward(grad, [[0, *box]], maps.shape, **how)[0, 0].tolist()


# --- by hand ----------------------------------------------------------------------------------------------

#: Two samples, (0.5, 0.5) and (0.5, 1.5).
TWO = [0, 0, 2, 1]


def test_the_largest_sample_gives_to_its_neighbours_and_no_other_does():
    """The samples are 2 + 1 + 0 + 1 = 4 and 1 + 0 + 1 + 3 = 5."""
    assert give_back([[8, 4, 0], [0, 4, 12]], TWO) == [[0, 2, 2], [0, 2, 2]]
    assert give_back([[12, 4, 0], [0, 4, 8]], TWO) == [[2, 2, 0], [2, 2, 0]]


def test_of_weighted_neighbours_one_has_it_by_its_weight():
    """The largest of these eight parts is the 3, a quarter of 12."""
    assert give_back([[8, 4, 0], [0, 4, 12]], TWO, "max_corners") == [[0, 0, 0], [0, 0, 2]]
    assert give_back([[8, 16, 0], [0, 4, 12]], TWO, "max_corners") == [[0, 2, 0], [0, 0, 0]]


def test_weights_that_are_not_halves():
    """At (0.5, 0.75): three quarters of the way to column 1; its parts are 1, 3 in either row."""
    box = [0.25, 0, 1.25, 1]
    assert give_back([[8, 8, 0], [8, 8, 0]], box, sampling_ratio=1) == [[1, 3, 0], [1, 3, 0]]
    assert give_back([[8, 8, 0], [8, 8, 0]], box, "max_corners", sampling_ratio=1) == [[0, 3, 0], [0, 0, 0]]


def test_of_equals_the_first_has_it():
    assert give_back([[4, 4, 4], [4, 4, 4]], TWO) == [[2, 2, 0], [2, 2, 0]]
    assert give_back([[4, 4, 4], [4, 4, 4]], TWO, "max_corners") == [[2, 0, 0], [0, 0, 0]]
    rows = [[4, 4], [4, 4], [4, 4]]  # the first row of samples, and not the first column
    assert give_back(rows, [0, 0, 1, 2], sampling_ratio=(2, 1)) == [[2, 2], [2, 2], [0, 0]]


def test_the_first_nan_has_it():
    """Column 2 is a neighbour of the second sample alone, column 1 of both."""
    assert give_back([[9, 9, NAN], [9, 9, 9]], TWO) == [[0, 2, 2], [0, 2, 2]]
    assert give_back([[9, NAN, 9], [9, 9, NAN]], TWO) == [[2, 2, 0], [2, 2, 0]]
    assert give_back([[9, 9, NAN], [9, 9, NAN]], TWO, "max_corners") == [[0, 0, 2], [0, 0, 0]]


#: Two samples of one row, at x = -1.5, off the map, and at -0.5, which reads column 0.
OVER_THE_LEFT = [-2, 0, 0, 1]
#: At x = 2.5, which reads column 2, and at 3.5.
OVER_THE_RIGHT = [2, 0, 4, 1]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("box", "own"), [(OVER_THE_LEFT, 0), (OVER_THE_RIGHT, 2)])
def test_a_zero_off_the_map_that_is_the_largest_keeps_all(box, own, mode):
    assert not np.any(give_back(-np.ones((2, 3)), box, mode))
    got = np.array(give_back(np.ones((2, 3)), box, mode))
    assert not np.any(np.delete(got, own, axis=1))
    assert got.sum() == (8 if mode == "max" else 4)


def test_of_a_zero_on_the_map_and_one_off_it_the_first_has_it():
    zeros = np.zeros((2, 3))
    assert not np.any(give_back(zeros, OVER_THE_LEFT))
    assert give_back(zeros, OVER_THE_RIGHT) == [[0, 0, 4], [0, 0, 4]]


@pytest.mark.parametrize("box", [OVER_THE_LEFT, OVER_THE_RIGHT])
def test_a_convention_leaves_out_what_is_off_the_map(box):
    below = -np.ones((2, 3))
    assert np.sum(give_back(below, box, convention=LEFT_OUT)) == 8
    maps = below[None, None]
    assert roi_align(maps, [[0, *box]], 1, 1, (1, 2), mode="max", convention=LEFT_OUT).item() == -1
    assert roi_align(maps, [[0, *box]], 1, 1, (1, 2), mode="max").item() == 0


def test_where_there_is_nothing_it_is_the_conventions_value_and_has_no_gradient():
    """A box off the map, and one without samples."""
    half_pixel = Convention("none", "exclusive", "sampled", None, -INF, 0.5)
    for box, convention in (([9, 9, 12, 12], LEFT_OUT), ([2, 2, 1, 1], half_pixel)):
        maps = np.ones((1, 1, 4, 4))
        value = roi_align(maps, [[0, *box]], 1, mode="max", convention=convention).item()
        assert value == -INF
        given = {"sampling_ratio": -1, "convention": convention}
        assert not np.any(give_back(maps[0, 0], box, grad=NAN, **given))
    assert not np.any(give_back(np.ones((4, 4)), [2, 2, 1, 1], grad=NAN, sampling_ratio=-1, aligned=True))


def test_each_bin_of_the_position_sensitive_one_on_its_own_map():
    """Samples at 0.75 and 1.25, and at 1.75 and 2.25, of which these two are equal."""
    maps = np.array([[[[0.0, 1, 4, 9]], [[0.0, 0, 1, 0]]]])
    box, sampling = [[0, 1, 0, 3, 1]], {"sampling_ratio": (1, 2), "mode": "max"}
    assert ps_roi_align(maps, box, (1, 2), **sampling).tolist() == [[[[1.75, 0.75]]]]
    got = ps_roi_align_backward(np.array([[[[8.0, 2.0]]]]), box, maps.shape, features=maps, **sampling)
    assert got.tolist() == [[[[0, 6, 2, 0]], [[0, 0.5, 1.5, 0]]]]


# --- it is the gradient -----------------------------------------------------------------------------------

CONVENTIONS = (None, LEFT_OUT, Convention("none", "exclusive", "sampled", 0.1, 0.25))


@st.composite
def problems(draw, modes=MODES):
    """Features without ties, boxes, and the other arguments."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (draw(st.integers(1, 2)), 4, draw(st.integers(1, 6)), draw(st.integers(1, 6)))
    rois = boxes_anywhere(rng, draw(st.integers(0, 3)), shape[0], 6)
    size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    sampling = draw(st.sampled_from([1.0, 0.5, 1.25])), draw(st.sampled_from([-1, 1, 2, (0, 3)]))
    options = {"mode": draw(st.sampled_from(modes)), "convention": draw(st.sampled_from(CONVENTIONS))}
    return rng, rng.normal(size=shape), rois, size, sampling, options


@given(problems())
def test_it_is_what_central_differences_say(problem):
    rng, features, rois, size, sampling, options = problem
    grad = rng.normal(size=(len(rois), 4, *size))

    def loss(maps):
        bins = roi_align(maps, rois, size, *sampling, **options)
        return np.sum(grad * np.where(np.isfinite(bins), bins, 0))

    with roikit.use_backend("cpu"):
        expected = central_differences(loss, features)
    got = roi_align_backward(grad, rois, features.shape, *sampling, features=features, **options)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-8)


@given(problems())
def test_a_maximum_of_weighted_cells_is_those_cells_times_its_gradient(problem):
    """Cells times the gradient by them is the bins again, where the largest is on the map."""
    rng, features, rois, size, sampling, options = problem
    bins = roi_align(features, rois, size, *sampling, **options)
    empty = options["convention"].empty_value if options["convention"] else 0.0
    grad = rng.normal(size=bins.shape)
    back = roi_align_backward(grad, rois, features.shape, *sampling, features=features, **options)
    there = np.sum(np.where(bins == empty, 0, bins) * grad)
    assert abs(there - np.vdot(features, back)) < FEW_ROUNDINGS


@given(problems(("max",)), st.sampled_from([None, 1, 2]))
def test_of_groups_of_channels(problem, groups):
    """One group is roi_align; of more each channel is read by its own bins."""
    rng, features, rois, size, sampling, options = problem
    bins = (2, 2) if groups is None else size
    grad = rng.normal(size=(len(rois), 4 if groups == 1 else 1, *bins))
    given_ = {"group_size": groups, "aligned": False, **options}

    def loss(maps):
        values = ps_roi_align(maps, rois, bins, *sampling, **given_)
        return np.sum(grad * np.where(np.isfinite(values), values, 0))

    got = ps_roi_align_backward(grad, rois, features.shape, *sampling, features=features, **given_)
    if groups == 1:
        alone = roi_align_backward(grad, rois, features.shape, *sampling, features=features, **options)
        assert np.array_equal(got, alone)
        assert np.array_equal(
            ps_roi_align(features, rois, bins, *sampling, **given_),
            roi_align(features, rois, bins, *sampling, **options),
        )
        return
    with roikit.use_backend("cpu"):
        expected = central_differences(loss, features)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-8)


def test_left_out_is_the_maximum_of_the_samples_on_the_map():
    """Chainer's rule, sample by sample."""
    rng = np.random.default_rng(0)
    maps, peer = rng.normal(size=(1, 1, 5, 6)) - 2, roikit.PRESETS["roi_align"]["chainer_max"]
    for x1, y1 in rng.uniform(-4, 6, (40, 2)):
        y, x = y1 + np.array([0.5, 1.5])[:, None], x1 + np.array([0.5, 1.5])
        inside = (y >= -1) & (y <= 5) & (x >= -1) & (x <= 6)
        samples = roikit.bilinear_interpolate(maps, y, x)[0, 0]
        expected = np.max(samples, initial=-INF, where=inside)
        got = roi_align(maps, [[0, x1, y1, x1 + 2, y1 + 2]], 1, sampling_ratio=2, **peer).item()
        assert got == pytest.approx(expected, abs=FEW_ROUNDINGS)


# --- the arrays -------------------------------------------------------------------------------------------


def case(dtype=np.float64, channels=11):
    """11 channels are more than one block of the compiled kernel."""
    rng = np.random.default_rng(1)
    features = rng.normal(size=(2, channels, 6, 7)).astype(dtype)
    return rng.normal(size=(5, channels, 2, 3)).astype(dtype), boxes_anywhere(rng, 5, 2, 6), features


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_narrow_sums_are_rounded_once(dtype, mode):
    grad, rois, features = case(dtype)
    got = roi_align_backward(grad, rois, features.shape, features=features, mode=mode)
    wide = features.astype(np.float64)
    expected = roi_align_backward(grad.astype(np.float64), rois, features.shape, features=wide, mode=mode)
    assert got.dtype == dtype
    assert np.array_equal(got, expected.astype(dtype))


def test_channels_last_into_memory_that_is_there():
    grad, rois, features = case()
    expected = roi_align_backward(grad, rois, features.shape, features=features, mode="max")
    last, maps = (np.ascontiguousarray(each.transpose(0, 2, 3, 1)) for each in (grad, features))
    out = np.full(maps.shape, NAN)
    how = {"layout": "NHWC", "mode": "max", "features": maps, "out": out}
    assert roi_align_backward(last, rois, maps.shape, **how) is out
    assert np.array_equal(out, expected.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("name", ["roi_align", "ps_roi_align"])
def test_many_channels_for_several_threads(name):
    """A call that is large enough for threads has the definition's bits, too."""
    rng = np.random.default_rng(2)
    channels = 64 if name == "roi_align" else 64 * 4
    features = rng.normal(size=(2, channels, 9, 8)).astype(np.float32)
    rois, grad = boxes_anywhere(rng, 1200, 2, 8), rng.normal(size=(1200, 64, 2, 2)).astype(np.float32)
    values, by_map = getattr(roikit, name), getattr(roikit, f"{name}_backward")
    results = []
    for backend, threads in (("plain", 1), ("fast", 1), ("fast", 3)):
        with roikit.use_backend(backend):
            how = {"sampling_ratio": 2, "mode": "max", "num_threads": threads}
            results.append((
                values(features, rois, 2, **how), by_map(grad, rois, features.shape, features=features, **how)
            ))
    for forward, backward in results[1:]:
        np.testing.assert_allclose(forward, results[0][0], rtol=0, atol=1e-5)  # roi_align's has tables
        assert np.array_equal(backward, results[0][1])


def test_features_of_an_average_are_looked_at_and_not_needed():
    grad, rois, features = case()
    expected = roi_align_backward(grad, rois, features.shape)
    assert np.array_equal(roi_align_backward(grad, rois, features.shape, features=features * NAN), expected)
    with pytest.raises(ValueError, match=r"^features must have the shape input_shape"):
        roi_align_backward(grad, rois, features.shape, features=features[:1])


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"mode": "max"}, TypeError, "mode 'max' needs features=, the maps that the maxima are from"),
        ({"mode": "most"}, ValueError, "mode must be 'avg', 'max' or 'max_corners'; got 'most'"),
        (
            {"mode": "max", "features": np.zeros((2, 11, 6, 8))}, ValueError,
            "features must have the shape input_shape, (2, 11, 6, 7); got (2, 11, 6, 8)",
        ),
        (
            {"mode": "max", "features": np.zeros((2, 11, 6, 7), np.float32)}, TypeError,
            "grad must be float32, as features is; got float64: use grad.astype(features.dtype)",
        ),
        (
            {"convention": LEFT_OUT}, ValueError,
            "convention must have empty_value 0 where mode is 'avg'; got -inf",
        ),
    ],
)
def test_a_wrong_argument_is_one_sentence(options, error, sentence):
    grad, rois, features = case()
    with pytest.raises(error) as caught:
        roi_align_backward(grad, rois, features.shape, **options)
    assert str(caught.value) == sentence


def test_the_position_sensitive_one_has_no_maximum_of_corners():
    with pytest.raises(ValueError, match=r"^mode must be 'max' or 'avg'; got 'max_corners'"):
        ps_roi_align(np.zeros((1, 1, 4, 4)), [], 1, mode="max_corners")


def test_out_is_not_the_maps():
    grad, rois, features = case()
    with pytest.raises(ValueError, match=r"^out must not share memory with features"):
        roi_align_backward(grad, rois, features.shape, mode="max", features=features, out=features)
