import numpy as np
from hypothesis import strategies as st

from drawn import feature_maps, filled, map_shapes, near_coordinates, rois_of, sizes

# Ends on quarters, where points fall on cells and on the map's border, beside ends anywhere.
normalized = st.one_of(st.integers(-2, 6).map(lambda i: i / 4), st.floats(-1, 2))
methods = st.sampled_from(["bilinear", "nearest"])
coordinates = st.sampled_from(["normalized", "cells"])


def boxes_of(images, units):
    return rois_of(images, near_coordinates if units == "cells" else normalized)


@st.composite
def gradients(draw):
    """The points' gradient, boxes and their units; and the shape of the map."""
    shape = N, C, _, _ = draw(map_shapes)
    units = draw(coordinates)
    rois = np.array(draw(boxes_of(N, units)), np.float64).reshape(-1, 5)
    grad = draw(filled(st.tuples(st.just(len(rois)), st.just(C), st.integers(1, 5), st.integers(1, 5))))
    return grad, rois, units, shape


@st.composite
def case(draw):
    features, units = draw(feature_maps()), draw(coordinates)
    outside = draw(st.sampled_from([0.0, -1.5, np.nan, np.inf]))
    arguments = (features, draw(boxes_of(len(features), units)), draw(sizes), outside)
    return arguments, {"method": draw(methods), "coordinates": units}
