"""The quick way of ordinary calls: whatever it says of a call, the careful checks say of it, too."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit import _ordinary

QUICK = {"roi_align": _ordinary.roi_align, "roi_pool": _ordinary.roi_pool}
CAREFUL = {name: import_module(f"roikit.ops.{name}")._checked for name in QUICK}
MAPS, BOX = np.zeros((2, 3, 4, 5), np.float32), np.array([[1, 0, 0, 2, 2]], np.float32)
#: Arguments after features, rois, output_size and spatial_scale.
REST = {"roi_align": (2, True, "avg", "NCHW", None), "roi_pool": ("caffe", "max", False, "NCHW", None)}


def is_ordinary(name, *given):
    return QUICK[name](*given) is not None


# --- a known few ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("size", [2, (2, 3)])
@pytest.mark.parametrize("boxes", [BOX, BOX.astype(float), BOX[:0], np.repeat(BOX, 9, axis=0)[::2]])
@pytest.mark.parametrize("maps", [MAPS, MAPS.astype(float), MAPS[:, ::-1, 1:], MAPS.swapaxes(2, 3)])
def test_ordinary_calls_are_known(name, maps, boxes, size):
    assert is_ordinary(name, maps, boxes, size, 0.5, *REST[name])


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize(
    "odd",
    [
        (MAPS.astype(np.float16), BOX, 2, 0.5), (MAPS.astype(">f4"), BOX, 2, 0.5), (MAPS[0], BOX, 2, 0.5),
        (MAPS.view(np.memmap), BOX, 2, 0.5), (MAPS[:, :, :0], BOX, 2, 0.5), (MAPS[:1], BOX, 2, 0.5),
        (MAPS, BOX.tolist(), 2, 0.5), (MAPS, BOX.astype(int), 2, 0.5), (MAPS, BOX[:, :4], 2, 0.5),
        (MAPS, BOX * np.nan, 2, 0.5), (MAPS, BOX * 0.5, 2, 0.5), (MAPS, -BOX, 2, 0.5),
        (MAPS, BOX, 0, 0.5), (MAPS, BOX, True, 0.5), (MAPS, BOX, 2**64, 0.5), (MAPS, BOX, (1, 2, 3), 0.5),
        (MAPS, BOX, 2**12, 0.5), (MAPS, BOX[:0], 2**20, 0.5),  # large outputs go the careful way
        (MAPS, BOX, 2, 0.0), (MAPS, BOX, 2, 1), (MAPS, BOX, 2, np.inf), (MAPS, BOX, 2, 1e300),
    ],
)
def test_anything_else_is_not(name, odd):
    assert not is_ordinary(name, *odd, *REST[name])


def test_out_is_written_to_where_it_fits():
    out = np.empty((1, 3, 2, 2), np.float32)
    result, arguments, _, _ = _ordinary.roi_align(MAPS, BOX, 2, 0.5, 2, True, "avg", "NCHW", out)
    assert result is out
    assert arguments[2].base is out
    for wrong in (out[:, :2], out.astype(float), out.T, out.tolist(), MAPS[:1, :, :2, :2]):
        assert not is_ordinary("roi_align", MAPS, BOX, 2, 0.5, 2, True, "avg", "NCHW", wrong)


# --- and whatever comes -----------------------------------------------------------------------------------

ends = st.sampled_from([0.0, -0.0, 1.5, -7, 4.0, 1e30, -1e30, 2.0**40, 2.0**41, 5e4, np.nan, np.inf, -np.inf])
indices = st.sampled_from([0.0, 1.0, -0.0, 1.0, 0.0, 0.5, -1.0, 2.0, 1e300, np.nan])
sizes = st.sampled_from([1, 2, 7, (1, 1), (2, 3), [2, 2], (2, 2.0), 0, -1, 2**20, 2**21, 2**63, True])
scales = st.sampled_from([1.0, 0.25, 1, 1e-300, 5e-324, 1e300, 0.0, -1.0, np.nan, np.inf, np.float64(2)])
ratios = st.sampled_from([2, -1, 0, (0, 3), (2, -5), 4096, 4097, -(2**70), 2.0, (2,), None])
sides = st.sampled_from([1, 2, 3, 3, 4, 0])


@st.composite
def arrays(draw):
    dtype = draw(st.sampled_from(["f4", "f8", "f2", ">f4"]))
    maps = np.ones(draw(st.tuples(sides, sides, sides, sides)), dtype)
    table = draw(st.lists(st.tuples(indices, ends, ends, ends, ends), max_size=3))
    with np.errstate(over="ignore"):
        boxes = np.array(table).reshape(-1, 5).astype(draw(st.sampled_from(["f4", "f8", "f8", "i8"])))
    out = draw(st.sampled_from([None, None, np.empty((1, 2, 2, 3)), np.empty((1, 3, 1, 1), "f4"), maps]))
    return draw(st.sampled_from([maps, maps.T, maps[::-1]])), boxes, out


def the_same(quick, careful):
    if isinstance(quick, np.ndarray):
        # What is to be written to is not filled yet.
        return (quick.dtype, quick.shape) == (careful.dtype, careful.shape)
    return type(quick) is type(careful) and quick == careful


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # NaN into integers
@settings(max_examples=400)
@given(data=st.data(), name=st.sampled_from(list(QUICK)))
def test_what_is_ordinary_the_careful_checks_take_alike(data, name):
    draw = data.draw
    maps, boxes, out = draw(arrays())
    mode, layout, flag = (draw(st.sampled_from(each)) for each in (
        ["avg", "max", "max", np.str_("avg"), None], ["NCHW", "NCHW", "NHWC", "NCWH"], [True, False, 1],
    ))
    rest = (draw(ratios), flag, mode) if name == "roi_align" else ("caffe", mode, flag)
    given = (maps, boxes, draw(sizes), draw(scales), *rest, layout, out)
    quick = QUICK[name](*given)
    if quick is None:
        return
    result, arguments, narrow, held = CAREFUL[name](*given)
    assert not narrow
    assert held is None
    assert all(map(the_same, quick[1], arguments))
    assert np.array_equal(quick[1][1], arguments[1])  # the boxes
    assert (quick[0] is out) == (result is out)


def test_the_limits_are_the_careful_checks_limits():
    """4096 sample points over 2 bins; 2**40 cells."""
    for x, good in ((8192, True), (8193, False), (2.0**40, False)):
        wide = np.array([[0, 0, 0, x, 1.0]])
        assert is_ordinary("roi_align", MAPS, wide, (1, 2), 1.0, 0, False, "avg", "NCHW", None) == good
    for x, good in ((2.0**40, True), (np.nextafter(2.0**40, np.inf), False)):
        wide = np.array([[0, 0, 0, x, 1.0]])
        assert is_ordinary("roi_pool", MAPS, wide, 2, 1.0, "caffe", "max", False, "NCHW", None) == good


def test_both_ways_give_the_same_bits():
    rng = np.random.default_rng(0)
    maps, boxes = rng.normal(size=(2, 3, 6, 7)), np.array([[1, -1, 0.5, 4, 9], [0, 2, 2, 5, 5.5]])
    for function in (roikit.roi_align, roikit.roi_pool):
        quick, careful = function(maps, boxes, 3, 0.5), function(maps, boxes.tolist(), [3, 3], 0.5)
        assert np.array_equal(quick, careful)
