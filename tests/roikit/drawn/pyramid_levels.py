from hypothesis import strategies as st

from drawn import rois_of

sides = st.one_of(st.sampled_from([0, 56, 112, 223.99999, 224, 448, 1e9]), st.floats(-100, 1000))
levels = st.sets(st.integers(-3, 8), min_size=1, max_size=5).map(sorted)


@st.composite
def rules(draw):
    return {
        "canonical_level": draw(st.integers(0, 5)),
        "canonical_size": draw(st.sampled_from([224, 56.0, 7])),
        "eps": draw(st.sampled_from([0, 1e-8, 1e-6, 0.25])),
        "eps_of": draw(st.sampled_from(["level", "ratio"])),
    }


@st.composite
def case(draw):
    return (draw(rois_of(2, sides)), draw(levels)), draw(rules())
