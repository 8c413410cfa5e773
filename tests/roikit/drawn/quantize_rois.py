from hypothesis import strategies as st

from drawn import rois_of, scales, whole_conventions


@st.composite
def case(draw):
    return (draw(rois_of(3)), draw(scales)), {"convention": draw(whole_conventions)}
