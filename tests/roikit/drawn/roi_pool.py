from hypothesis import strategies as st

from drawn import conventions, feature_maps, modes, rois_of, scales, sizes


@st.composite
def case(draw):
    features, mode = draw(feature_maps()), draw(modes)
    options = {"convention": draw(conventions), "mode": mode, "return_argmax": mode == "max"}
    return (features, draw(rois_of(len(features))), draw(sizes), draw(scales)), options
