"""The record that says how boxes are quantized."""

import dataclasses
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from roikit import CONVENTIONS, Convention, roi_pool

DISCRIMINATOR = json.loads(Path(__file__).with_name("golden").joinpath("conventions.json").read_text())[0]
COMPOSED = {
    "caffe (round,+1,overlap)": CONVENTIONS["caffe"],
    "chainer (round,excl,overlap)": Convention("round_half_away", "exclusive", "overlap"),
    "floor,excl,disjoint": CONVENTIONS["disjoint"],
    "floor,+1,disjoint": Convention("floor", "inclusive", "disjoint"),
    "floor,excl,fixed-drop": CONVENTIONS["truncate"],
    "round,+1,disjoint": Convention("round_half_away", "inclusive", "disjoint"),
    "floor,+1,overlap": Convention("floor", "inclusive", "overlap"),
}


@pytest.mark.parametrize("name", DISCRIMINATOR["expected"])
def test_one_box_tells_seven_conventions_apart(name, backend):
    case = DISCRIMINATOR
    got = roi_pool(
        np.array(case["features"]), case["rois"], (2, 2), case["spatial_scale"], convention=COMPOSED[name]
    )
    assert got.tolist() == case["expected"][name]


def test_the_presets():
    assert set(CONVENTIONS) == {"caffe", "disjoint", "truncate"}
    assert str(CONVENTIONS["caffe"]) == "round half away, ends inclusive, overlap bins"
    assert str(CONVENTIONS["disjoint"]) == "floor, ends exclusive, disjoint bins"


def test_a_record_names_each_field_that_is_not_the_default():
    others = {"minimum_size": 0, "empty_value": -1, "offset": 0.5, "outside": "zero"}
    made = Convention("floor", "exclusive", "disjoint", **others)
    assert str(made) == (
        "floor, ends exclusive, disjoint bins, minimum size 0, empty value -1.0, offset 0.5, outside zero"
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


@pytest.mark.parametrize(
    ("field", "value", "error", "sentence"),
    [
        ("rounding", "ceil", ValueError,
         "rounding must be one of 'floor', 'round_half_away', 'round_half_even'; got 'ceil'"),
        ("ends", "open", ValueError, "ends must be one of 'inclusive', 'exclusive'; got 'open'"),
        ("split", 3, TypeError, "split must be one of 'overlap', 'disjoint', 'truncate'; got 3"),
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
