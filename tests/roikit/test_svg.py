"""The pen: what it writes is well formed, escaped and safe to stand inline in somebody's page."""

import xml.etree.ElementTree as ET
from itertools import combinations

import numpy as np
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


# How linear RGB is seen (Machado, Oliveira and Fernandes 2009, severity 1).
SEEN = {
    "normal": np.eye(3),
    "protanopia": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deuteranopia": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "tritanopia": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}
XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]


def lab(colour, seen):
    """CIE L*a*b*, in which 2 is about the smallest difference that one sees."""
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    ratios = np.array(XYZ) @ np.clip(np.array(seen) @ linear, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", SEEN)
def test_colours_are_apart_for_everybody(eyes):
    """The four of bins, and the red of what is wrong."""
    colours = (_svg.ORANGE, _svg.BLUE, _svg.GREEN, _svg.PURPLE, _svg.WRONG)
    for one, other in combinations(colours, 2):
        assert np.linalg.norm(lab(one, SEEN[eyes]) - lab(other, SEEN[eyes])) > 20, (one, other)


def test_a_notebook_shows_a_picture():
    picture = _svg.Canvas().picture(10, 10, "empty")
    assert picture._repr_svg_() == str(picture) == picture.svg


def test_a_canvas_in_another_stands_further_right():
    inner, outer = _svg.Canvas(), _svg.Canvas()
    inner.circle(1, 2, 3)
    outer.inset(inner, 40)
    svg = outer.picture(60, 10, "two").svg
    assert '<g transform="translate(40)"><circle cx="1" cy="2" r="3"/></g>' in svg


def test_a_picture_shrinks_as_far_as_it_can_be_read():
    assert "max-width:100%;min-width:300px;height:auto" in _svg.Canvas().picture(400, 10, "wide").svg
