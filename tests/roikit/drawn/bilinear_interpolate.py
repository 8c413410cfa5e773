from hypothesis import strategies as st

from drawn import feature_maps, near_coordinates


@st.composite
def case(draw):
    points = st.lists(near_coordinates, min_size=3, max_size=3)
    return (draw(feature_maps()), draw(points), draw(points)), {}
