from hypothesis import strategies as st

from drawn import feature_maps, near_coordinates, ratios, rois_of, scales, sizes
from roikit.convention import SAMPLING

modes = st.sampled_from(["avg", "max", "max_corners"])
#: How a box is read: aligned, and instead of it a convention.
readings = st.sampled_from([(False, None), (True, None), *((False, name) for name in SAMPLING)])


@st.composite
def case(draw):
    features = draw(feature_maps())
    ratio, (aligned, convention) = draw(ratios), draw(readings)
    arguments = (features, draw(rois_of(len(features), near_coordinates)), draw(sizes), draw(scales), ratio)
    return (*arguments, aligned), {"mode": draw(modes), "convention": convention}
