from hypothesis import strategies as st

from drawn import filled, ratios, scales, sizes
from drawn.roi_align_rotated import rotated

orientations = st.integers(1, 5)


@st.composite
def map_shapes(draw, count):
    """(N, C * count, H, W)."""
    channels = count * draw(st.integers(0, 3))
    return draw(st.integers(1, 2)), channels, draw(st.integers(1, 7)), draw(st.integers(1, 7))


@st.composite
def options(draw, count):
    return {
        "num_orientations": count, "aligned": draw(st.booleans()), "clockwise": draw(st.booleans()),
        "angle": draw(st.sampled_from(["degrees", "radians"])),
        "mixing": draw(st.sampled_from(["linear", "redet"])),
    }  # fmt: skip


@st.composite
def case(draw):
    count = draw(orientations)
    features = draw(filled(map_shapes(count))).transpose(draw(st.sampled_from([(0, 1, 2, 3), (0, 1, 3, 2)])))
    sampling = draw(sizes), draw(scales), draw(ratios)
    return (features, draw(rotated(len(features))), *sampling), draw(options(count))
