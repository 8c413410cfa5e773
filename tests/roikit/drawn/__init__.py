"""How to draw an operation's arguments: ``drawn/NAME.py`` has ``case()``, a strategy of (arguments, options).

From these it is tested that the compiled kernel gives the definition's bits (test_agreement.py) and that the
CUDA kernel gives the same within rounding (gpu/test_gpu_agreement.py). Here is what the strategies share.
"""

import itertools
from importlib import import_module

import numpy as np
from hypothesis import strategies as st

import roikit
from roikit.convention import POOLING


def case(name):
    """The strategy for the operation of this name."""
    return import_module(f"drawn.{name}").case()


def parts(result):
    return result if isinstance(result, (tuple, list)) else (result,)


ROUNDINGS = ("floor", "round_half_away", "round_half_even")
CUTS = [(split, "exact") for split in ("overlap", "disjoint", "truncate")]
CUTS += [("overlap", "float32"), ("overlap", "float64")]
#: Conventions with whole cells, and with real ends.
WHOLE = [
    roikit.Convention(
        rounding, ends, split, size, empty_value, offset, outside, pixel_offset=moved, arithmetic=arithmetic
    )
    for rounding, ends, (split, arithmetic), (size, empty_value, offset, outside, moved) in itertools.product(
        ROUNDINGS,
        ("inclusive", "exclusive", "inclusive_pixel"),
        CUTS,
        [
            (1, 0.0, 0.0, "ignore", 0.0), (0, float("nan"), 0.5, "zero", 0.5), (3, -1.0, -0.25, "zero", 0.0),
            (None, 0.0, 0.0, "ignore", -0.25),
        ],
    )
]
REAL = [
    roikit.Convention(
        rounding, ends, "absolute", size, empty_value, offset, outside, rounding != "none", moved, arithmetic
    )
    for rounding, ends, arithmetic, (size, empty_value, offset, outside, moved) in itertools.product(
        ("none", *ROUNDINGS),
        ("exclusive", "inclusive_pixel"),
        ("exact", "float32", "float64"),
        [
            (None, 0.0, 0.0, "ignore", 0.0), (0.1, -1.0, 0.5, "zero", 0.5),
            (0, float("nan"), -0.25, "ignore", 0.0),
        ],
    )
]
NAMED = {name: roikit.CONVENTIONS[name] for name in POOLING}
#: The two kinds and the named ones, of which each strategy draws a third.
whole_conventions = st.one_of(
    st.sampled_from(WHOLE), st.sampled_from([name for name, each in NAMED.items() if each.whole_cells])
)
conventions = st.one_of(st.sampled_from(WHOLE), st.sampled_from(REAL), st.sampled_from([*NAMED]))
modes = st.sampled_from(["max", "avg"])
scales = st.sampled_from([1.0, 0.5, 1 / 3, 2.0, 0.1])
sizes = st.tuples(st.integers(1, 5), st.integers(1, 5))

# Ends on halves, which is where rounding decides, beside ends anywhere; most boxes touch or leave the map.
near_coordinates = st.one_of(st.integers(-12, 24).map(lambda i: i / 2), st.floats(-9, 15))
coordinates = st.one_of(near_coordinates, st.sampled_from([-1e9, 1e9]))


map_shapes = st.tuples(st.integers(1, 2), st.integers(0, 11), st.integers(1, 7), st.integers(1, 7))


@st.composite
def filled(draw, shapes):
    """An array of either dtype; few distinct values, so that ties occur, and odd ones."""
    shape = draw(shapes)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    features = rng.integers(-3, 4, shape) / 2 + rng.choice([0.0, 0.1], shape)
    if draw(st.booleans()):
        odd = rng.choice([np.nan, np.inf, -np.inf, -0.0, 1e300], shape)
        with np.errstate(over="ignore"):
            features = np.where(rng.random(shape) < 0.1, odd, features)
    with np.errstate(over="ignore"):
        return features.astype(draw(st.sampled_from([np.float32, np.float64])))


@st.composite
def feature_maps(draw):
    """(N, C, H, W) of either dtype and some layout."""
    return draw(filled(map_shapes)).transpose(draw(st.sampled_from([(0, 1, 2, 3), (0, 1, 3, 2)])))


@st.composite
def rois_of(draw, images, ends=coordinates):
    return draw(st.lists(st.tuples(st.integers(0, images - 1), ends, ends, ends, ends), max_size=4))


ratios = st.sampled_from([-1, 1, 2, (0, 3), (2, 0)])
map_dtypes = st.sampled_from([np.float32, np.float64])


@st.composite
def gradients_of_roi_align(draw):
    """The bins' gradient, boxes and how they are sampled; and the shape of the map."""
    shape = N, C, _, _ = draw(map_shapes)
    rois = np.array(draw(rois_of(N, near_coordinates)), np.float64).reshape(-1, 5)
    grad = draw(filled(st.tuples(st.just(len(rois)), st.just(C), st.integers(1, 5), st.integers(1, 5))))
    return (grad, rois, draw(scales), draw(ratios), draw(st.booleans())), shape
