"""Also how all that is made of it reads a box, and what it makes of the samples."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from drawn import feature_maps, filled, near_coordinates, ratios, rois_of, scales, sizes
from roikit.convention import CONVENTIONS, SAMPLING

#: How a box is read: aligned, and instead of it a convention.
readings = st.sampled_from([(False, None), (True, None), *((False, name) for name in SAMPLING)])
#: Conventions of maxima that have something else than 0 off the map.
odd = st.builds(
    lambda name, value: replace(CONVENTIONS[name], empty_value=value),
    st.sampled_from(SAMPLING), st.sampled_from([-np.inf, -1.0, 0.5, np.nan]),
)


@st.composite
def ways(draw, modes=("avg", "max", "max_corners")):
    """aligned, and the options mode and convention."""
    mode, (aligned, convention) = draw(st.sampled_from(modes)), draw(readings)
    if mode != "avg" and draw(st.booleans()):
        aligned, convention = False, draw(odd)
    return aligned, {"mode": mode, "convention": convention}


@st.composite
def beside(draw, grad, shape):
    """Features of this shape, of grad's dtype."""
    with np.errstate(over="ignore"):
        return draw(filled(st.just(shape))).astype(grad.dtype)


@st.composite
def case(draw):
    features = draw(feature_maps())
    ratio, (aligned, options) = draw(ratios), draw(ways())
    arguments = (features, draw(rois_of(len(features), near_coordinates)), draw(sizes), draw(scales), ratio)
    return (*arguments, aligned), options
