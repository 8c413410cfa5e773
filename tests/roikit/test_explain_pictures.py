"""Pictures of explanations: safe, whole, small, and true to the numbers."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roikit
from roikit import Convention, examples, explain

MAP, ROI = examples.MAP_8X8_BATCH, examples.ROI_8X8
RAMP = examples.ramp(25, 25)[None, None]  # 10 y + x

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "g", "rect", "path", "circle", "text"}
FORBIDDEN = {"id", "class", "href", "src"}


def texts(picture: explain.Picture) -> list[str]:
    """All the words of a picture, after a look at whether it is safe and whole."""
    root = ET.fromstring(picture.svg)
    for node in root.iter():
        assert node.tag.removeprefix("{http://www.w3.org/2000/svg}") in ALLOWED
        assert not FORBIDDEN & set(node.attrib)
        assert not [name for name in node.attrib if name.startswith(("on", "xlink", "{"))]
        assert not [v for v in node.attrib.values() if "nan" in v or "inf" in v or "url(" in v]
    return [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]


def red(picture: explain.Picture) -> list[str]:
    root = ET.fromstring(picture.svg)
    return [n.text for n in root.iter("{http://www.w3.org/2000/svg}text") if n.get("fill") == "#c8102e"]


def signs(picture: explain.Picture) -> int:
    """How many ≠ there are."""
    return sum(node.get("stroke-width") == "1.2" for node in ET.fromstring(picture.svg).iter(f"{SVG}path"))


def test_the_picture_of_the_worked_example():
    explanation = explain.roi_pool(MAP, ROI, 2, convention="disjoint")
    words = texts(explanation.picture())
    assert "RoI 0 · image 0 · channel 0" in words
    cells = [word for word in words if "." in word and len(word) == 4]
    assert cells == [f"{value:.2f}" for value in examples.MAP_8X8.ravel()]
    assert "box: x 0 to 7, y 3 to 8: columns 0..6, rows 3..7" in words
    assert len(explanation.picture().svg) < 10_000
    assert explanation._repr_svg_() == explanation.picture().svg


def test_a_picture_gives_no_answer_away_unless_asked():
    explanation = explain.roi_pool(RAMP[..., :8, :8] + 0.125, ROI, 2, convention="disjoint")
    assert "result" not in texts(explanation.picture())
    words = texts(explanation.picture(result=True))
    assert words[words.index("result") :][:9].count("42.12") == 1  # 10 * 4 + 2 + .125


def test_expected_and_got_stand_beside_the_map():
    explanation = explain.roi_pool(MAP, ROI, 2, convention="disjoint")
    expected, got = [[[[0.85, 0.84], [0.97, 0.96]]]], [[[[0.85, 0.84], [0.69, 0.96]]]]
    picture = explanation.picture((0, 0, 1, 0), expected, got)
    words = texts(picture)
    assert words.index("expected") < words.index("got")
    assert red(picture) == ["0.69"]
    assert words[words.index("got - expected") :].count("-0.28") == 1
    assert "bin (1, 0) of RoI 0, channel 0: rows 5..7, columns 0..2; maximum 0.97 at" in " ".join(words)


def test_what_is_wrong_has_a_sign_of_its_own():
    """Not red alone: a ≠, a heavier frame and a bold number."""
    explanation = explain.roi_pool(MAP, ROI, 2, convention="disjoint")
    expected = [[[[0.85, 0.84], [0.97, 0.96]]]]
    assert signs(explanation.picture(expected=expected, got=[[[[0.85, 0.84], [0.69, 0]]]])) == 2
    right = explanation.picture(expected=expected, got=expected)
    assert signs(right) == 0
    assert "got - expected" not in texts(right)


def test_the_maxima_are_ringed_where_the_result_is_shown():
    """At (3, 0), (3, 3), (7, 2) and (5, 6); a picture without the result does not give them away."""
    explanation = explain.roi_pool(MAP, ROI, 2, convention="disjoint")
    left, top, cell = (getattr(explanation.picture(), name) for name in ("left", "top", "cell"))
    circles = list(ET.fromstring(explanation.picture(result=True).svg).iter(f"{SVG}circle"))
    rings = [circle for circle in circles if float(circle.get("r")) == round(0.4 * cell, 2)]
    places = {
        ((float(ring.get("cy")) - top) // cell, (float(ring.get("cx")) - left) // cell) for ring in rings
    }
    assert places == {(3, 0), (3, 3), (7, 2), (5, 6)}
    assert "the maxima" not in texts(explanation.picture())


def test_the_largest_sample_is_ringed():
    """The first bin's samples are .636, .703, .365, .204: the second, at (3.125, 2.125)."""
    scene = explain.roi_align(MAP, ROI, 2, 1.0, 2, True, mode="max")._scene((0, 0), (0, 0))
    assert [(ring.y, ring.x) for ring in scene.rings] == [(3.125, 2.125)]
    assert explain.roi_align(MAP, ROI, 2, 1.0, 2, True)._scene((0, 0), (0, 0)).rings == ()


@pytest.mark.parametrize("size", [1, 2, 4, 7])
def test_a_picture_fits_a_narrow_screen(size):
    """Low grids stand below the map; no picture shrinks so far that its words cannot be read."""
    expected = roikit.roi_pool(MAP, ROI, size)
    picture = explain.roi_pool(MAP, ROI, size).picture(expected=expected, got=expected + 1)
    assert size > 4 or picture.width <= 480
    assert f"min-width:{round(0.75 * picture.width)}px" in picture.svg


def test_the_first_wrong_bin_is_found():
    features = np.random.default_rng(0).normal(size=(2, 2, 7, 9))
    rois = [[0, 0, 0, 6, 6], [1, 1, 1, 8, 6]]
    expected = roikit.roi_pool(features, rois, 3)
    got = expected.copy()
    got[1, 1, 2, 0:2] += 1
    picture = explain.roi_pool(features, rois, 3).picture(expected=expected, got=got)
    assert "RoI 1 · image 1 · channel 1" in texts(picture)
    assert any(word.startswith("bin (2, 0) of RoI 1, channel 1") for word in texts(picture))
    assert len(red(picture)) == 2


def test_got_alone_is_compared_with_the_operation():
    explanation = explain.roi_align(MAP, ROI, 2, 1.0, 2, True)
    picture = explanation.picture(got=np.full((1, 1, 2, 2), [[1221 / 2560, np.nan], [np.inf, 0]]))
    assert red(picture) == ["nan", "inf", "0.0000"]
    assert "0.4710" in texts(picture)


def test_numbers_that_differ_look_different():
    """A mistake in the sixth digit: the grids print as many digits as it takes."""
    explanation = explain.roi_pool(MAP, ROI, 1, convention="disjoint")
    assert red(explanation.picture(got=[[[[0.970004]]]])) == ["0.970004"]


def test_an_output_of_another_kind_is_named_and_not_drawn():
    explanation = explain.roi_pool(MAP, ROI, 2)
    assert red(explanation.picture(got=[[1, 2], [3, 4]])) == [
        "got has shape (2, 2); the output has shape (1, 1, 2, 2)."
    ]
    for nonsense in ("four", [[1], [2, 3]], object(), [None]):
        assert red(explanation.picture(got=nonsense)) == ["got is not an array of numbers."]


def test_large_outputs_are_cropped_around_the_asked_bin():
    features = np.random.default_rng(0).random((1, 1, 30, 30))
    rois = [[0, 0, 0, 29, 29]]
    expected = roikit.roi_pool(features, rois, (14, 20))
    picture = explain.roi_pool(features, rois, (14, 20)).picture((0, 0, 13, 10), expected, expected + 1)
    assert "expected (a part)" in texts(picture)
    assert len(red(picture)) == 7 * 7
    assert len(picture.svg) < 60_000


def test_large_maps_are_cropped_around_the_roi():
    features = np.random.default_rng(0).random((1, 1, 200, 300))
    near = texts(explain.roi_pool(features, [[0, 250, 100, 255, 104]], 2).picture())
    assert "254" in near
    assert "0" not in near
    assert "the whole map, 200×300" in near
    assert "the whole map, 8×8" not in texts(explain.roi_pool(MAP, ROI, 2).picture())


def test_asked_bins_are_shown_with_their_numbers_on_large_maps():
    """25×25 cells are too small for numbers; the 14×14 around the asked bin are not."""
    explanation = explain.roi_align(RAMP, examples.BOX_665, 7, 1 / 32, 2, True)
    assert "110" not in texts(explanation.picture())
    assert "110" in texts(explanation.picture((0, 0, 3, 3)))


@pytest.mark.parametrize("aligned", [True, False])
def test_boxes_are_drawn_where_they_are_read(aligned):
    """Values stand at the middles of cells, so aligned=False shows its half cell to the right and down."""
    scene = explain.roi_align(MAP, ROI, 2, 1.0, 2, aligned)._scene((0, 0), (0, 0))
    shift = 0.0 if aligned else 0.5
    box = scene.region
    assert (box.left, box.top, box.right, box.bottom) == (0 + shift, 3 + shift, 7 + shift, 8 + shift)
    assert scene.points[0, 0][0].tolist() == [3.625 + shift, 0.875 + shift]
    assert (scene.outline is None) == aligned


def test_the_areas_of_a_point_are_its_weights():
    """The rectangle in a neighbour's colour has that neighbour's weight as its area."""
    explanation = explain.bilinear_interpolate(examples.MAP_8X8, [3.125, 6.9], [0.375, 4.25])
    for p in range(2):
        scene, samples = explanation._scene((), (p,)), explanation.bin(p).samples
        areas = [(box.bottom - box.top) * (box.right - box.left) for box, _ in scene.areas]
        assert areas == pytest.approx(samples.weights)
        assert [ring.colour for ring in scene.rings] == [colour for _, colour in scene.areas]


def test_strips():
    words = texts(explain.bins(20, 7, convention="truncate").picture())
    assert "In no bin: cells 14..19." in words
    assert "6: [12, 14)" in words
    assert "3 bins without a cell: 0, 1, 3." in texts(explain.bins(2, 5).picture())
    picture = explain.bins(5, 2).picture(expected=[[0, 2], [2, 5]], got=[[0, 3], [5, 2]])
    assert red(picture) == ["0: [0, 3)", "1: [5, 2)"]
    assert "bin 0: [0, 2), cells 0..1 (2 cells)." in texts(picture)
    texts(explain.bins(5, 2).picture(got=[[np.nan, 3], [-np.inf, np.inf]]))
    texts(explain.bins(2**40, 1000).picture())
    texts(explain.bins(0, 3).picture())


@settings(max_examples=60, deadline=None)
@given(
    box=st.tuples(*[st.one_of(st.floats(-30, 60), st.floats(-1e9, 1e9))] * 4),
    shape=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    asks=st.booleans(),
    special=st.sampled_from([np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0]),
    sampled=st.booleans(),
)
def test_every_picture_is_whole_and_small(box, shape, size, asks, special, sampled):
    """Boxes that leave the map, lie beside it, are reversed or tiny; NaN, infinite and huge values."""
    features = np.random.default_rng(0).normal(size=(1, 1, *shape))
    features[0, 0, 0, 0] = special
    operation = explain.roi_align if sampled else explain.roi_pool
    ratio = {"sampling_ratio": 2} if sampled else {}
    picture = operation(features, [[0, *box]], size, **ratio).picture(
        (0, 0, size[0] - 1, 0) if asks else None, result=True
    )
    texts(picture)
    assert len(picture.svg) < 75_000
    assert picture.width < 1200
    assert picture.height < 1100


def test_a_convention_with_many_words_fits_into_the_picture():
    mine = Convention("floor", "exclusive", "disjoint", minimum_size=0, empty_value=-1, outside="zero")
    picture = explain.roi_pool(RAMP[:, :, :2, :2], [[0, 0, 0, 1, 1]], 1, convention=mine).picture()
    subtitle = next(words for words in texts(picture) if "disjoint bins" in words)
    assert subtitle.endswith("disjoint bins, minimum size 0, empty value -1.0, outside zero")
    assert picture.width > 5 * len(subtitle)  # a letter is about 5 pixels wide


def test_names_of_the_users_own_cannot_break_out():
    """A convention is the only thing a user names; its words reach the picture escaped."""
    explanation = explain.roi_pool(MAP, ROI, 2, convention=Convention("floor", "exclusive", "overlap"))
    assert any("floor, ends exclusive, overlap" in word for word in texts(explanation.picture()))
