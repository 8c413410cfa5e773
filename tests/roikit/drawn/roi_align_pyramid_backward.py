from hypothesis import strategies as st

from drawn.roi_align import beside
from drawn.roi_align_pyramid import gradients


@st.composite
def case(draw):
    grad, rois, shapes, sampling, options = draw(gradients())
    if options["mode"] != "avg" or draw(st.booleans()):
        options["features"] = [draw(beside(grad, each)) for each in shapes]
    return (grad, rois, shapes, *sampling), options
