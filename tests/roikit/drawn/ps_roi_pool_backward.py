import numpy as np
from hypothesis import strategies as st

from drawn import conventions, filled, rois_of, scales
from drawn.ps_roi_pool import grouped


@st.composite
def case(draw):
    bins, groups, C, shape = draw(grouped())
    rois = np.array(draw(rois_of(shape[0])), np.float64).reshape(-1, 5)
    grad = draw(filled(st.just((len(rois), C, *bins))))
    options = {"group_size": groups, "convention": draw(conventions)}
    if draw(st.booleans()):
        with np.errstate(over="ignore"):
            options |= {"mode": "max", "features": draw(filled(st.just(shape))).astype(grad.dtype)}
    return (grad, rois, shape, draw(scales)), options
