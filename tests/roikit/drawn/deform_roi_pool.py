import numpy as np
from hypothesis import strategies as st

from drawn import feature_maps, near_coordinates, ratios, rois_of, scales, sizes

gammas = st.sampled_from([0.1, 1.0, -0.5, 0.0])


@st.composite
def shifts(draw, boxes, bins):
    """Offsets, (K, 2, PH, PW), or None."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (boxes, 2, *bins)
    offset = np.where(rng.random(shape) < 0.3, rng.integers(-4, 5, shape) / 4, rng.normal(size=shape))
    return draw(st.sampled_from([None, offset]))


@st.composite
def case(draw):
    features = draw(feature_maps())
    rois, bins = draw(rois_of(len(features), near_coordinates)), draw(sizes)
    offset = draw(shifts(len(rois), bins))
    return (features, rois, offset, bins, draw(scales), draw(ratios), draw(gammas)), {}
