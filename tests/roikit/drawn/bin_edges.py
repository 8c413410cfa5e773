from hypothesis import strategies as st

from drawn import whole_conventions


@st.composite
def case(draw):
    return (draw(st.integers(0, 2**42)), draw(st.integers(1, 40))), {"convention": draw(whole_conventions)}
