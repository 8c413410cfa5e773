from hypothesis import strategies as st

from drawn import feature_maps, near_coordinates, rois_of, scales, sizes


@st.composite
def case(draw):
    features = draw(feature_maps())
    return (features, draw(rois_of(len(features), near_coordinates)), draw(sizes), draw(scales)), {}
