"""The record that says how boxes are quantized."""

import dataclasses
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from roikit import CONVENTIONS, Convention, roi_align, roi_pool
from roikit.convention import POOLING, SAMPLING, TAUGHT

DISCRIMINATOR = json.loads(Path(__file__).with_name("golden").joinpath("conventions.json").read_text())[0]
COMPOSED = {
    "caffe (round,+1,overlap)": CONVENTIONS["caffe"],
    "chainer (round,excl,overlap)": Convention("round_half_away", "exclusive", "overlap"),
    "floor,excl,disjoint": CONVENTIONS["disjoint"],
    "floor,+1,disjoint": Convention("floor", "inclusive", "disjoint"),
    "floor,excl,fixed-drop": CONVENTIONS["truncate"],
    "round,+1,disjoint": Convention("round_half_away", "inclusive", "disjoint"),
    "floor,+1,overlap": Convention("floor", "inclusive", "overlap"),
    "mmcv (float bins)": CONVENTIONS["mmcv"],
}


@pytest.mark.parametrize("name", DISCRIMINATOR["expected"])
def test_one_box_tells_eight_conventions_apart(name, backend):
    case = DISCRIMINATOR
    got = roi_pool(
        np.array(case["features"]), case["rois"], (2, 2), case["spatial_scale"], convention=COMPOSED[name]
    )
    assert got.tolist() == case["expected"][name]


def test_the_presets():
    assert TAUGHT == ("caffe", "disjoint", "truncate")
    pooling = (*TAUGHT, "exclusive", "chainer", "rfcn", "chainercv", "mmcv", "caffe_float32")
    assert pooling == POOLING
    sampling = ("roi_align", "half_pixel", "openvino_half_pixel", "point", "chainercv_align")
    assert sampling == SAMPLING
    assert set(CONVENTIONS) == {*POOLING, *SAMPLING}
    assert str(CONVENTIONS["caffe"]) == "round half away, ends inclusive, overlap bins"
    assert str(CONVENTIONS["disjoint"]) == "floor, ends exclusive, disjoint bins"
    assert str(CONVENTIONS["mmcv"]) == "no rounding, ends inclusive pixel, absolute bins, no minimum size"
    assert str(CONVENTIONS["rfcn"]) == (
        "round half away in pixels, ends inclusive pixel, absolute bins, minimum size 0.1"
    )


def test_what_a_record_is_for():
    """It pools, in whole cells or between real ends, or it samples."""
    told = {name: (each.samples, each.whole_cells) for name, each in CONVENTIONS.items()}
    assert {name for name, (samples, _) in told.items() if samples} == set(SAMPLING)
    assert {name for name in POOLING if not told[name][1]} == {"rfcn", "chainercv", "mmcv"}
    moved = dataclasses.replace(CONVENTIONS["mmcv"], pixel_offset=0.5)
    assert (CONVENTIONS["mmcv"].added_pixels, moved.added_pixels) == ((0, 1), (0.5, 1.5))


def test_a_record_names_each_field_that_is_not_the_default():
    others = {"minimum_size": 0, "empty_value": -1, "offset": 0.5, "outside": "zero", "pixel_offset": 2}
    made = Convention("floor", "exclusive", "overlap", **others, arithmetic="float64")
    assert str(made) == (
        "floor, ends exclusive, overlap bins, minimum size 0, empty value -1.0, offset 0.5, outside zero, "
        "pixel offset 2.0, arithmetic float64"
    )
    assert str(dataclasses.replace(CONVENTIONS["disjoint"], outside="zero")) == (
        "floor, ends exclusive, disjoint bins, outside zero"
    )


def test_the_presets_cannot_be_changed():
    with pytest.raises(TypeError):
        CONVENTIONS["mine"] = CONVENTIONS["caffe"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        CONVENTIONS["caffe"].split = "disjoint"


def test_a_convention_is_a_value():
    made = Convention(rounding="floor", ends="exclusive", split="disjoint")
    assert made == CONVENTIONS["disjoint"]
    assert hash(made) == hash(CONVENTIONS["disjoint"])
    assert pickle.loads(pickle.dumps(made)) == made


def test_numbers_are_kept_as_plain_python_numbers():
    made = Convention("floor", "exclusive", "disjoint", minimum_size=np.int16(2), empty_value=np.float32(1.5))
    assert type(made.minimum_size) is int
    assert type(made.empty_value) is float
    plain = {"minimum_size": np.float32(0.5), "pixel_offset": 1, "round_pixels": np.False_}
    made = Convention("none", "exclusive", "absolute", **plain)
    assert type(made.minimum_size) is type(made.pixel_offset) is float
    assert made.round_pixels is False
    assert dataclasses.replace(made, minimum_size=None).minimum_size is None


@pytest.mark.parametrize(
    ("field", "value", "error", "sentence"),
    [
        ("rounding", "ceil", ValueError,
         "rounding must be one of 'floor', 'round_half_away', 'round_half_even', 'none'; got 'ceil'"),
        ("ends", "open", ValueError,
         "ends must be one of 'inclusive', 'exclusive', 'inclusive_pixel'; got 'open'"),
        ("split", 3, TypeError,
         "split must be one of 'overlap', 'disjoint', 'truncate', 'absolute', 'sampled'; got 3"),
        ("arithmetic", "float16", ValueError,
         "arithmetic must be one of 'exact', 'float32', 'float64'; got 'float16'"),
        ("round_pixels", 1, TypeError, "round_pixels must be True or False; got 1"),
        ("pixel_offset", 2.0**41, ValueError,
         "pixel_offset must lie within -2**40 .. 2**40 pixels; got 2199023255552.0"),
        ("pixel_offset", None, TypeError, "pixel_offset must be a real number; got None"),
        ("outside", "clip", ValueError, "outside must be one of 'ignore', 'zero'; got 'clip'"),
        ("minimum_size", 0.5, TypeError, "minimum_size must be a whole number of cells; got 0.5"),
        ("minimum_size", True, TypeError, "minimum_size must be a whole number of cells; got True"),
        ("minimum_size", -1, ValueError, "minimum_size must lie within 0 .. 2**40 cells; got -1"),
        ("empty_value", "0", TypeError, "empty_value must be a real number; got '0'"),
        ("empty_value", 1j, TypeError, "empty_value must be a real number; got 1j"),
        ("empty_value", 10**400, ValueError,
         "empty_value must be a float64; got a number too large for it"),
        ("offset", -(10**400), ValueError, "offset must be a float64; got a number too large for it"),
        ("offset", float("nan"), ValueError, "offset must lie within -2**40 .. 2**40 cells; got nan"),
        ("offset", float("inf"), ValueError, "offset must lie within -2**40 .. 2**40 cells; got inf"),
    ],
)
def test_a_wrong_field_gets_a_sentence(field, value, error, sentence):
    with pytest.raises(error) as caught:
        dataclasses.replace(CONVENTIONS["caffe"], **{field: value})
    assert str(caught.value) == f"Convention: {sentence}"


@pytest.mark.parametrize(
    ("size", "error", "sentence"),
    [
        (-0.1, ValueError, "minimum_size must lie within 0 .. 2**40 cells; got -0.1"),
        (float("nan"), ValueError, "minimum_size must lie within 0 .. 2**40 cells; got nan"),
        ("1", TypeError, "minimum_size must be a real number; got '1'"),
    ],
)
def test_a_wrong_minimum_size_between_real_ends(size, error, sentence):
    with pytest.raises(error) as caught:
        dataclasses.replace(CONVENTIONS["mmcv"], minimum_size=size)
    assert str(caught.value) == f"Convention: {sentence}"


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("caffe", {"rounding": "none"},
         "rounding 'none' leaves real ends, which need split 'absolute' or 'sampled'; got 'overlap'"),
        ("caffe", {"round_pixels": True},
         "round_pixels leaves real ends, which need split 'absolute' or 'sampled'; got 'overlap'"),
        ("caffe", {"split": "absolute"},
         "split 'absolute' needs real ends: rounding 'none' or round_pixels; got 'round_half_away'"),
        ("caffe", {"split": "sampled"}, "split 'sampled' needs rounding 'none'; got 'round_half_away'"),
        ("rfcn", {"split": "sampled"}, "split 'sampled' needs rounding 'none'; got 'round_half_away'"),
        ("mmcv", {"round_pixels": True}, "round_pixels needs a rounding; got rounding 'none'"),
        ("mmcv", {"ends": "inclusive"},
         "ends 'inclusive' adds a whole cell; real ends need 'exclusive' or 'inclusive_pixel'"),
        ("disjoint", {"arithmetic": "float32"},
         "arithmetic 'float32' needs split 'overlap' or 'absolute'; got 'disjoint'"),
        ("half_pixel", {"arithmetic": "float64"},
         "arithmetic 'float64' needs split 'overlap' or 'absolute'; got 'sampled'"),
        ("half_pixel", {"outside": "zero"},
         "outside 'zero' is about pooling; split 'sampled' has a border rule of its own"),
    ],
)
def test_fields_that_do_not_go_together(name, fields, sentence):
    with pytest.raises(ValueError, match=r"^Convention: ") as caught:
        dataclasses.replace(CONVENTIONS[name], **fields)
    assert str(caught.value) == f"Convention: {sentence}"


def test_a_convention_of_the_other_kind_is_refused():
    known = "use one of 'caffe', 'disjoint', 'truncate', 'exclusive', 'chainer', 'rfcn', "
    record = CONVENTIONS["point"]
    for given, shown in (("point", "'point'"), (record, "'no rounding, ends exclusive, sampled")):
        with pytest.raises(ValueError, match="says how to sample, and this operation pools") as caught:
            roi_pool(np.ones((1, 1, 4, 4)), [[0, 0, 0, 2, 2]], 2, convention=given)
        assert str(caught.value).startswith(f"convention {shown}")
        assert known in str(caught.value)
    with pytest.raises(ValueError, match="convention 'caffe' says how to pool, and this operation samples"):
        roi_align(np.ones((1, 1, 4, 4)), [[0, 0, 0, 2, 2]], 2, convention="caffe")
