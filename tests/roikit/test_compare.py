"""Comparisons: the worked example under every convention, the table, the pictures, the marks."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

import roikit
from roikit import Convention, compare, examples

MAP, ROI = examples.MAP_8X8_BATCH, examples.ROI_8X8
SVG = "{http://www.w3.org/2000/svg}"

BY_HAND = {
    "caffe": [[0.85, 0.96], [0.97, 0.91]],
    "disjoint": [[0.85, 0.84], [0.97, 0.96]],
    "truncate": [[0.85, 0.84], [0.69, 0.88]],
}


def texts(svg):
    return [node.text for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_worked_example_under_every_convention():
    """Only bin (0, 0) is .85 for all."""
    comparison = compare.roi_pool(MAP, ROI, 2)
    assert {name: output[0, 0].tolist() for name, output in comparison.outputs.items()} == BY_HAND
    assert comparison.differing[0, 0].tolist() == [[False, True], [True, True]]


def test_a_comparison_prints_as_a_table():
    assert str(compare.roi_pool(MAP, ROI, 2)).split("\n") == [
        "roi_pool: 3 of 4 values differ",
        "(k, c, ph, pw)  caffe  disjoint  truncate",
        "(0, 0, 0, 0)    0.85   0.85      0.85",
        "(0, 0, 0, 1)    0.96   0.84      0.84      ≠",
        "(0, 0, 1, 0)    0.97   0.97      0.69      ≠",
        "(0, 0, 1, 1)    0.91   0.96      0.88      ≠",
    ]


def test_the_four_aligns_of_the_worked_example():
    comparison = compare.roi_align(MAP, ROI, 2, 1.0, 2)
    firsts = {name: output[0, 0, 0, 0] for name, output in comparison.outputs.items()}
    assert firsts == pytest.approx(
        {
            "aligned=True, avg": 1221 / 2560,
            "aligned=True, max": 2249 / 3200,
            "aligned=False, avg": 4689 / 12800,
            "aligned=False, max": 3719 / 6400,
        }
    )
    assert comparison.differing.all()
    assert repr(comparison).endswith("aligned=False, max; 4 of 4 values differ>")


def test_conventions_of_ones_own_have_a_name_or_their_words():
    mine = Convention("floor", "exclusive", "disjoint")
    named = compare.roi_pool(MAP, ROI, 2, conventions={"mine": mine, "theirs": "caffe"})
    assert list(named.outputs) == ["mine", "theirs"]
    unnamed = compare.roi_pool(MAP, ROI, 2, conventions=[mine, "disjoint"])
    assert list(unnamed.outputs) == ["floor, ends exclusive, disjoint bins", "disjoint"]
    assert not unnamed.differing.any()


def test_the_mode_is_the_operations():
    averages = compare.roi_pool(MAP, ROI, 2, mode="avg").outputs["caffe"]
    np.testing.assert_array_equal(averages, roikit.roi_pool(MAP, ROI, 2, mode="avg"))


def test_nan_equals_nan_and_rounding_is_no_difference():
    """A constant map: every sample is its value, up to the last digit."""
    constant = np.full((1, 1, 8, 8), 0.1)
    assert not compare.roi_align(constant, [[0, 1.1, 2.2, 5.3, 6.4]], 3).differing.any()
    constant[:] = np.nan
    assert not compare.roi_pool(constant, ROI, 2).differing.any()


def test_a_long_table_lists_what_differs():
    """Of 2 * 49 values; a disjoint bin is never above the overlapping one."""
    features = np.random.default_rng(0).random((1, 2, 30, 30))
    comparison = compare.roi_pool(features, [[0, 0, 0, 25, 25]], 7, conventions=["caffe", "disjoint"])
    count = int(comparison.differing.sum())
    lines = str(comparison).split("\n")
    assert lines[0] == f"roi_pool: {count} of 98 values differ"
    assert all(line.endswith("≠") for line in lines[2:-1])
    assert len(lines) == 2 + 32 + 1
    assert lines[-1] == f"and {count - 32} more that differ"
    same = compare.roi_pool(np.zeros((1, 2, 30, 30)), [[0, 0, 0, 25, 25]], 7)
    assert str(same).split("\n")[0] == "roi_pool: 0 of 98 values differ"
    assert len(str(same).split("\n")) == 2


def test_the_picture_has_every_convention_and_its_output():
    picture = compare.roi_pool(MAP, ROI, 2).picture()
    words = texts(picture.svg)
    titles = [words.index(name) for name in BY_HAND]
    assert titles == sorted(titles)
    for name, end in zip(BY_HAND, [*titles[1:], None], strict=True):
        card = words[words.index(name) : end]
        expected = [f"{value:.2f}" for row in BY_HAND[name] for value in row]
        after = card[card.index("result") :]
        assert [word for word in after if re.fullmatch(r"0\.\d\d", word)] == expected
    assert "In no bin: row 7 and column 6." in words
    assert "round half away, ends inclusive, overlap" in " ".join(words)


def test_what_differs_is_marked_by_a_sign_and_not_by_colour_alone():
    """Three of four bins under three conventions: nine signs, and bold numbers."""
    root = ElementTree.fromstring(compare.roi_pool(MAP, ROI, 2).picture().svg)
    assert len([node for node in root.iter(f"{SVG}path") if node.get("stroke-width") == "1.2"]) == 9
    bold = [node.text for node in root.iter(f"{SVG}text") if node.get("font-weight") == "bold"]
    assert bold.count("0.88") == 2  # in the grid, and the maximum's cell on the map


def test_a_highlighted_bin_says_where_it_is_from():
    words = " ".join(texts(compare.roi_pool(MAP, ROI, 2).picture((0, 0, 1, 0)).svg))
    assert "maximum 0.97 at (7, 2)" in words
    assert "maximum 0.69 at (6, 1)" in words


def test_the_first_channel_that_differs_is_drawn():
    """Channel 0 is constant."""
    features = np.stack([np.ones((8, 8)), examples.MAP_8X8])[None]
    assert "RoI 0 · image 0 · channel 1" in texts(compare.roi_pool(features, ROI, 2).picture().svg)


def test_a_notebook_shows_cards_and_a_table():
    """Well formed; names are escaped; no colour outside of the pictures."""
    evil = '<script>alert("1")</script>'
    html = compare.roi_pool(MAP, ROI, 2, conventions={evil: "caffe", "disjoint": "disjoint"})._repr_html_()
    root = ElementTree.fromstring(html)
    assert len(list(root.iter(f"{SVG}svg"))) == 2
    rows = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    assert rows[0] == ["", evil, "disjoint", ""]
    assert rows[2] == ["(0, 0, 0, 1)", "0.96", "0.84", "≠"]
    assert "<script" not in html
    assert not {"id", "class", "href", "src"} & {name for node in root.iter() for name in node.attrib}


def test_without_a_roi_there_is_a_table_without_rows():
    comparison = compare.roi_pool(MAP, np.empty((0, 5)), 2)
    assert str(comparison).split("\n")[0] == "roi_pool: 0 of 0 values differ"
    assert "<svg" not in comparison._repr_html_()
    with pytest.raises(ValueError, match="there is nothing to explain: the output has K = 0"):
        comparison.picture()


def test_outputs_cannot_be_changed():
    comparison = compare.roi_pool(MAP, ROI, 2)
    with pytest.raises(ValueError, match="read-only"):
        comparison.outputs["caffe"][:] = 0
    with pytest.raises(TypeError):
        comparison.outputs["caffe"] = 0


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ({"conventions": "caffe"}, TypeError, "conventions must be a list; got 'caffe'"),
        ({"conventions": []}, ValueError, "conventions must have at least one; got none"),
        ({"conventions": ["caffe", "caffe"]}, ValueError, "conventions must differ; 'caffe' is there twice"),
        ({"conventions": ["cafe"]}, ValueError, "convention must be a roikit.Convention or one of"),
        ({"conventions": {1: "caffe"}}, TypeError, "conventions must have names of letters"),
        ({"mode": "median"}, ValueError, "mode must be 'max' or 'avg'; got 'median'"),
    ],
)
def test_conventions_that_are_none(asked, error, sentence):
    with pytest.raises(error, match=re.escape(sentence)):
        compare.roi_pool(MAP, ROI, 2, **asked)


@pytest.mark.parametrize(
    ("variants", "error", "sentence"),
    [
        ([], ValueError, "variants must have at least one; got none"),
        ([True], TypeError, "variants must be pairs (aligned, mode); got True"),
        ([("yes", "avg")], TypeError, "aligned must be True or False; got 'yes'"),
        ([(True, "avg")] * 2, ValueError, "variants must differ; 'aligned=True, avg' is there twice"),
    ],
)
def test_variants_that_are_none(variants, error, sentence):
    with pytest.raises(error, match=re.escape(sentence)):
        compare.roi_align(MAP, ROI, 2, variants=variants)
