"""The page in use, by hand, key and address: what it shows is what roikit computes and says."""

import numpy as np
import pytest
from page_in_hand import Page

from roikit import examples, explain, quantize_rois, roi_align, roi_pool
from roikit.convention import TAUGHT

WORKED = (0, 3, 7, 8)
ODD = (0.6, 1.3, 6.9, 8.75)


@pytest.fixture
def opened(browser, page):
    """The page as it opens: the worked example."""
    browser.open(page)
    browser.errors.clear()
    yield Page(browser)
    assert browser.errors == []


def pooled(box):
    return roi_pool(examples.MAP_8X8_BATCH, [[0, *box]], 2, convention="disjoint")[0, 0]


def aligned(box):
    return roi_align(examples.MAP_8X8_BATCH, [[0, *box]], 2, 1.0, 2, True)[0, 0]


def assert_shows(opened, box):
    """Both outputs are those of the box."""
    assert np.array_equal(opened.output("pool"), pooled(box))
    np.testing.assert_allclose(opened.output("align"), aligned(box), rtol=1e-12)


# --- the worked examples ------------------------------------------------------------------------------------


def test_it_opens_with_the_worked_example(opened):
    assert opened.box == WORKED
    assert opened.all("#pool-output button") == ["0.85", "0.84", "0.97", "0.96"]
    assert opened.all("#align-output button") == ["0.4770", "0.4710", "0.4569", "0.4552"]
    assert_shows(opened, WORKED)


def test_the_comparison_holds_every_convention_and_marks_what_differs(opened):
    numbers = opened.all("figure", "[...it.querySelectorAll('td')].map(cell => cell.textContent).join(' ')")
    assert dict(zip(opened.all("figure button"), numbers, strict=True)) == {
        "caffe": "0.85 ≠0.96 0.97 ≠0.91",
        "disjoint": "0.85 0.84 0.97 0.96",
        "truncate": "0.85 0.84 ≠0.69 ≠0.88",
        "aligned, maximum": "≠0.7028 ≠0.6123 ≠0.7703 ≠0.7941",
        "aligned, average": "0.4770 0.4710 0.4569 0.4552",
        "not aligned, maximum": "≠0.5811 ≠0.8136 ≠0.5883 ≠0.5513",
        "not aligned, average": "≠0.3663 ≠0.5501 ≠0.4598 ≠0.3752",
    }


def test_a_card_of_the_comparison_is_a_choice(opened):
    opened.one("button[data-variant=caffe]", "{ it.focus(); it.click(); }")
    chosen = [opened.one(f"#{name}", "it.value") for name in ("convention", "rounding", "ends", "split")]
    assert chosen == ["caffe", "round_half_away", "inclusive", "overlap"]
    assert opened.all("#pool-output button") == ["0.85", "0.96", "0.97", "0.91"]
    assert opened.all("figure:has([data-variant=disjoint]) .differs") == ["≠0.84", "≠0.96"]
    assert opened.one("button:focus") == "caffe"  # the keyboard stays where it was


def test_665_pixels_and_what_the_two_quantizations_lose(opened):
    opened.go_to_preset(3)
    for row in opened.all("#loss tr"):
        assert "20.78125 → 20 cells: 0.78125 cells (25 px) cut off" in row
        assert "bins of 2 cells, where 2.85714 would be even: 6 cells (192 px) in no bin" in row
        assert "14 of 20.78125 cells (448 px)" in row
    features = examples.ramp(25, 25)[None, None]
    expected = roi_align(features, examples.BOX_665, 7, examples.SCALE_665, 2, mode="max")[0, 0]
    np.testing.assert_allclose(opened.output("align"), expected, rtol=1e-12)
    assert opened.output("pool")[6, 6] == 10 * 13 + 13  # the last cell that is read
    assert "2.96875 wide and 2.96875 high" in opened.one("#align-box")


def test_under_one_cell_three_bins_are_empty(opened):
    opened.go_to_preset(2)
    assert opened.output("pool").tolist() == [[0, 0], [0, 0.76]]
    assert opened.one("#pool-bin") == "Bin (0, 0): no rows, no columns; a bin without cells is 0."


# --- a hand on the box --------------------------------------------------------------------------------------


@pytest.mark.parametrize("panel", ["pool", "align"])
def test_the_body_is_dragged_and_everything_changes_at_once(opened, panel):
    opened.browser.drag(opened.at(panel, 3.2, 5.4), opened.at(panel, 3.7, 5), opened.at(panel, 4.2, 3.9))
    assert opened.box == (1, 1.5, 8, 6.5)
    assert_shows(opened, opened.box)


@pytest.mark.parametrize(
    ("grip", "start", "end", "box"),
    [
        ("nw", (0, 3), (1.5, 2.25), (1.5, 2.25, 7, 8)),
        ("se", (7, 8), (5.1, 6.9), (0, 3, 5.125, 6.875)),  # to the nearest eighth
        ("n", (3.5, 3), (5, 4), (0, 4, 7, 8)),
        ("w", (0, 5.5), (7.5, 5.5), (7, 3, 7, 8)),  # no further than the other side
        ("e", (7, 5.5), (9.5, 5.5), (0, 3, 9, 8)),  # no further than what is in view
    ],
)
def test_sides_and_corners(opened, grip, start, end, box):
    opened.browser.drag(opened.at("pool", *start), opened.at("pool", *end))
    assert opened.one(":focus", "it.dataset.grip") == grip
    assert opened.box == box
    assert_shows(opened, box)


def test_a_drag_beside_the_box_draws_a_new_one_in_any_direction(opened):
    opened.browser.drag(*(opened.at("pool", *place) for place in ((5.5, 2.5), (4, 2), (2.25, 0.75))))
    assert opened.box == (2.25, 0.75, 5.5, 2.5)
    assert_shows(opened, opened.box)


@pytest.mark.parametrize("place", [(6.9, 8.75), (3, 5), (1.5, 0.5)])  # a corner, the body, beside it
def test_a_click_leaves_the_box(opened, place):
    opened.choose_box(ODD)
    point = opened.at("pool", *place)
    opened.browser.drag(point, point)
    assert opened.box == ODD


@pytest.mark.parametrize(("start", "box"), [((3.5, 5.5), (-1, 2, 6, 7)), ((3.5, 1.5), WORKED)])
def test_a_finger_on_the_box_drags_it_and_beside_it_scrolls(opened, start, box):
    opened.browser.call("Emulation.setTouchEmulationEnabled", enabled=True)
    x, y = start
    opened.browser.touch(*(opened.at("align", x - step, y - step) for step in (0, 0.5, 1)))
    opened.browser.call("Emulation.setTouchEmulationEnabled", enabled=False)
    assert opened.box == box
    assert_shows(opened, box)


def test_keys(opened):
    opened.one("#pool-map [data-grip=se]", "it.focus()")
    opened.browser.press("ArrowLeft")
    opened.browser.press("ArrowUp", shift=True)
    assert opened.box == (0, 3, 6.875, 7)
    assert opened.one(":focus", "it.dataset.grip") == "se"
    assert_shows(opened, opened.box)


def test_numbers_are_typed(opened):
    opened.choose_box((-1.3, 0.4, 4.7, 6.6))
    assert_shows(opened, (-1.3, 0.4, 4.7, 6.6))
    opened.choose("scale", "1/2")
    assert_shows(opened, (-0.65, 0.2, 2.35, 3.3))


@pytest.mark.parametrize(
    ("control", "right", "wrong"),
    [("x1", 0, ""), ("x2", 7, "1e9"), ("scale", 1, "0"), ("scale", 1, "1/0"), ("scale", 1, "a")],
)
def test_what_is_no_box_is_said_and_the_last_one_stays(opened, control, right, wrong):
    opened.choose(control, wrong)
    assert opened.one("#box-error", "it.hidden") is False
    assert_shows(opened, WORKED)
    opened.choose(control, right)
    assert opened.one("#box-error", "it.hidden") is True


# --- what is told is what roikit.explain tells --------------------------------------------------------------


def told(record):
    """The sentence about a bin, as the page has it."""
    sentence = record.sentence.replace(" of RoI 0, channel 0", "")
    return f"{sentence[0].upper()}{sentence[1:]}"


@pytest.mark.parametrize("convention", TAUGHT)
def test_the_derivation_of_a_pooled_bin(opened, convention):
    opened.choose("convention", convention)
    opened.choose_box(ODD)
    opened.choose("PH", 3)
    explanation = explain.roi_pool(examples.MAP_8X8_BATCH, [[0, *ODD]], (3, 2), convention=convention)
    for cell, place in enumerate(np.ndindex(3, 2)):
        opened.js(f"document.querySelectorAll('#pool-output button')[{cell}].focus()")
        assert opened.one("#pool-bin") == f"{told(explanation.bin(0, 0, *place))}."


def test_the_derivation_of_an_aligned_bin_and_its_samples(opened):
    explanation = explain.roi_align(examples.MAP_8X8_BATCH, [[0, *WORKED]], 2, 1.0, 2, True)
    record = explanation.bin(0, 0, 1, 1)
    opened.js("document.querySelectorAll('#align-output button')[3].click()")
    assert told(record).startswith(opened.one("#align-bin").rstrip("."))
    for i, point in enumerate(np.ndindex(2, 2)):
        opened.js(f"document.querySelectorAll('#samples button')[{i}].focus()")
        place = record.samples.y[point], record.samples.x[point]
        sample = explain.bilinear_interpolate(examples.MAP_8X8, *place).bin()
        assert opened.one("#sample") == f"Sample {sample.sentence}."
        weights = opened.all(".weights text", "Number(it.textContent.slice(2))")
        assert weights == sample.samples.weights.round(3).tolist()


def test_pointing_at_the_map_asks_for_that_bin_and_that_sample(opened):
    opened.browser.hover(opened.at("pool", 1.5, 6.5))
    assert opened.one("#pool-bin") == "Bin (1, 0): rows 5..7, columns 0..2; maximum 0.97 at (7, 2)."
    assert opened.one("#align-bin").startswith("Bin (1, 0)")  # the same bin on both maps
    opened.browser.hover(opened.at("align", 0.375 + 0.5, 3.125 + 0.5))
    assert "(3.125, 0.375) = 0.546875 × 0.85 at (3, 0) + " in opened.one("#sample")
    assert len(opened.all(".weights circle")) == 4


def test_boxes_bins_and_the_maximum_are_drawn_where_they_are(opened):
    opened.choose_box(ODD)
    opened.choose("convention", "caffe")
    region = quantize_rois([[0, *ODD]], convention="caffe")[0, 1:].tolist()
    assert opened.drawn(".region:not(.dashed)") == pytest.approx(region, abs=0.01)
    assert opened.drawn(".region.dashed") == pytest.approx(ODD, abs=0.01)
    record = explain.roi_pool(examples.MAP_8X8_BATCH, [[0, *ODD]], 2).bin(0, 0, 0, 0)
    middle = "['cy', 'cx'].map(name => Number(it.getAttribute(name)))"
    ring = opened.one("#pool-map .ring:not(.other)", middle)
    assert tuple(np.array(ring) / 40 - 1.5) == record.argmax
    assert sorted(opened.all("#pool-map .bin", "it.classList.item(it.classList.length - 1)")) == [
        "blue", "green", "orange", "purple",
    ]  # fmt: skip


# --- choices and addresses ----------------------------------------------------------------------------------


def test_another_rounding_makes_a_convention_without_a_name(opened):
    opened.choose("rounding", "round_half_even")
    assert opened.one("#convention", "it.value") == "custom"
    opened.choose("rounding", "floor")
    assert opened.one("#convention", "it.value") == "disjoint"


def test_an_address_holds_the_whole_situation(opened):
    for control, value in {
        "map": "random", "x1": 1.5, "PH": 3, "PW": 4, "rounding": "round_half_even", "ends": "inclusive",
        "pool-mode": "avg", "aligned": "false", "ratio": 0, "align-mode": "max",
    }.items():  # fmt: skip
        opened.choose(control, value)
    situation, address = opened.js("situation"), opened.js("toHash(situation)")
    opened.go_to_preset(0)
    assert opened.box == WORKED
    opened.go(address)
    assert opened.js("situation") == situation


def test_the_address_follows_the_page(opened):
    opened.choose("PH", 4)
    changed = "location.hash.includes('size=4x2') ? done() : setTimeout(look, 20)"
    opened.js(f"new Promise(done => {{ const look = () => {changed}; look(); }})")


@pytest.mark.parametrize(
    "fragment",
    [
        "#box=1,2,3",
        "#box=a,b,c,d&size=0x9&scale=-1",
        "#map=../x&pool=floor-x-y,sum",
        "#%&==&align=aligned,9,min%",
        "#map=toString&pool=constructor",
    ],
)
def test_an_address_that_makes_no_sense_is_the_worked_example(browser, page, fragment):
    browser.errors.clear()
    browser.open(page, fragment)
    assert browser.js("toHash(situation) === toHash(WORKED_EXAMPLE)")
    assert browser.errors == []


def test_random_maps_have_negatives_and_are_the_same_for_everybody(opened):
    opened.choose("map", "random")
    first = opened.plane
    assert (first < 0).any()
    assert (first > 0).any()
    opened.one("#another", "it.click()")
    assert not np.array_equal(opened.plane, first)
    assert np.array_equal(np.array(opened.js("randomMap(1)")), first)
