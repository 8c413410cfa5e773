"""The pen: what it writes is well formed, escaped and safe to stand inline in somebody's page."""

import xml.etree.ElementTree as ET

import pytest

from roikit import _svg


def drawn(*words: str) -> str:
    canvas = _svg.Canvas()
    with canvas.group(opacity=0.5):
        canvas.rect(1, 2, 3.456, 4, stroke_width=2, fill=None)
    canvas.path(_svg.box_path(0, 0, 2, 1) + _svg.dot_path(3, 4) + _svg.polyline([(0, 0), (1.5, 2)]))
    for line in words:
        canvas.text(5, 6, line)
    return canvas.picture(40, 30, " ".join(words)).svg


def test_a_drawing_is_the_text_one_expects():
    """Keywords become attributes, None is left out, pixels have two decimals."""
    svg = drawn()
    assert '<g opacity="0.5"><rect x="1" y="2" width="3.46" height="4" stroke-width="2"/></g>' in svg
    assert 'd="M0 0h2v1h-2zM3 4h0M0 0L1.5 2"' in svg
    assert 'width="40" height="30" viewBox="0 0 40 30"' in svg


def test_text_is_escaped_everywhere():
    evil = """</text><script>alert("1")</script> & 'x' ]]>"""
    root = ET.fromstring(drawn(evil))
    assert [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")] == [evil]
    assert root.get("aria-label") == evil
    assert "<script" not in drawn(evil)


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\n", "\ud800", "￾"])
def test_letters_that_xml_cannot_hold_are_replaced(letter):
    root = ET.fromstring(drawn(f"a{letter}b"))
    assert root.get("aria-label") == "a�b"


def test_an_empty_path_writes_nothing():
    canvas = _svg.Canvas()
    canvas.path("")
    assert "<path" not in canvas.picture(1, 1, "nothing").svg


def test_shades_go_from_light_to_dark_in_steps():
    shades = [_svg.shade(step / 100) for step in range(101)]
    assert len(set(shades)) == _svg.LEVELS
    lightness = [sum(int(shade[i : i + 2], 16) for i in (1, 3, 5)) for shade in shades]
    assert lightness == sorted(lightness, reverse=True)
    assert _svg.shade(-3) == shades[0]
    assert _svg.shade(7) == shades[-1]


def test_text_has_contrast():
    """Dark letters on every shade of a cell, white ones on dark colours."""
    assert {_svg.text_on(_svg.shade(step / 20)) for step in range(21)} == {_svg.INK}
    assert _svg.text_on("#000000") == _svg.text_on(_svg.BLUE) == _svg.PAPER
    assert _svg.text_on("#ffffff") == _svg.INK


def test_a_notebook_shows_a_picture():
    picture = _svg.Canvas().picture(10, 10, "empty")
    assert picture._repr_svg_() == str(picture) == picture.svg
