import numpy as np
from hypothesis import strategies as st

from drawn import feature_maps, near_coordinates, ratios, scales, sizes

sides = st.one_of(st.integers(0, 20).map(lambda i: i / 2), st.floats(0, 12))
angles = st.one_of(st.sampled_from([0, 45, 90, 180, -90, 270, 450, np.pi / 2]), st.floats(-800, 800))
units = st.fixed_dictionaries(
    {"angle": st.sampled_from(["degrees", "radians"]), "clockwise": st.booleans()}
)


@st.composite
def rotated(draw, images):
    """Rotated boxes, (K, 6)."""
    centre = near_coordinates
    row = st.tuples(st.integers(0, images - 1), centre, centre, sides, sides, angles)
    return np.array(draw(st.lists(row, max_size=4)), np.float64).reshape(-1, 6)


@st.composite
def case(draw):
    features = draw(feature_maps())
    sampling = draw(sizes), draw(scales), draw(ratios), draw(st.booleans())
    return (features, draw(rotated(len(features))), *sampling), draw(units)
