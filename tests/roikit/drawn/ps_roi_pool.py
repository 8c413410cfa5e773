"""Also what all position-sensitive operations share: maps in groups of channels."""

from hypothesis import strategies as st

from drawn import conventions, coordinates, filled, modes, rois_of, scales

sides = st.integers(1, 3)
group_sizes = st.one_of(st.none(), sides, st.tuples(sides, sides))


@st.composite
def grouped(draw):
    """Bins, groups, channels of the output (9 are more than one block), and the shape of the map."""
    PH, PW = bins = draw(sides), draw(st.integers(1, 4))
    groups = draw(group_sizes)
    GH, GW = bins if groups is None else (groups, groups) if isinstance(groups, int) else groups
    C = draw(st.sampled_from([0, 1, 2, 9] if GH * GW <= 2 else [0, 1, 2]))
    shape = draw(st.integers(1, 2)), C * GH * GW, draw(st.integers(1, 7)), draw(st.integers(1, 7))
    return (PH, PW), groups, C, shape


@st.composite
def case(draw):
    bins, groups, _, shape = draw(grouped())
    features = draw(filled(st.just(shape))).transpose(draw(st.sampled_from([(0, 1, 2, 3), (0, 1, 3, 2)])))
    options = {"group_size": groups, "convention": draw(conventions), "mode": draw(modes)}
    return (features, draw(rois_of(len(features), coordinates)), bins, draw(scales)), options
