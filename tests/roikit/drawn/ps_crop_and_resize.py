import numpy as np
from hypothesis import strategies as st

from drawn import filled
from drawn.crop_and_resize import boxes_of, coordinates, methods
from drawn.ps_roi_pool import sides


@st.composite
def grouped(draw):
    """Points, groups, channels of the output, and the shape of the map."""
    groups = draw(st.one_of(sides, st.tuples(sides, sides)))
    GH, GW = (groups, groups) if isinstance(groups, int) else groups
    C = draw(st.sampled_from([0, 1, 2]))
    shape = draw(st.integers(1, 2)), C * GH * GW, draw(st.integers(1, 7)), draw(st.integers(1, 7))
    return draw(st.tuples(sides, st.integers(1, 4))), groups, C, shape


@st.composite
def gradients(draw):
    """The points' gradient, boxes, the shape of the map, and options."""
    points, groups, C, shape = draw(grouped())
    units = draw(coordinates)
    rois = np.array(draw(boxes_of(shape[0], units)), np.float64).reshape(-1, 5)
    grad = draw(filled(st.just((len(rois), C, *points))))
    return grad, rois, shape, {"group_size": groups, "coordinates": units}


@st.composite
def case(draw):
    points, groups, _, shape = draw(grouped())
    units = draw(coordinates)
    features = draw(filled(st.just(shape))).transpose(draw(st.sampled_from([(0, 1, 2, 3), (0, 1, 3, 2)])))
    outside = draw(st.sampled_from([0.0, -1.5, np.nan, np.inf]))
    options = {"group_size": groups, "coordinates": units, "method": draw(methods)}
    return (features, draw(boxes_of(len(features), units)), points, outside), options
