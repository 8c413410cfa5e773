from hypothesis import strategies as st

from drawn import gradients_of_roi_align
from drawn.roi_align import beside, ways


@st.composite
def case(draw):
    (grad, rois, *sampling, _), shape = draw(gradients_of_roi_align())
    aligned, options = draw(ways())
    return (grad, draw(beside(grad, shape)), rois, *sampling, aligned), options
