"""Also what both gradients share."""

import numpy as np
from hypothesis import strategies as st

from drawn import filled, near_coordinates, ratios, rois_of, scales
from drawn.ps_roi_pool import grouped
from drawn.roi_align import beside, ways


@st.composite
def gradients(draw):
    """The bins' gradient, boxes, how they are sampled, and the shape of the map."""
    bins, groups, C, shape = draw(grouped())
    rois = np.array(draw(rois_of(shape[0], near_coordinates)), np.float64).reshape(-1, 5)
    grad = draw(filled(st.just((len(rois), C, *bins))))
    aligned, options = draw(ways(("avg", "max")))
    options = {"group_size": groups, "aligned": aligned, **options}
    return grad, rois, (draw(scales), draw(ratios)), shape, options


@st.composite
def case(draw):
    grad, rois, sampling, shape, options = draw(gradients())
    if options["mode"] != "avg" or draw(st.booleans()):
        options["features"] = draw(beside(grad, shape))
    return (grad, rois, shape, *sampling), options
