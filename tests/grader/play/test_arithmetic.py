"""The page's arithmetic is the kernels': 1,000 random boxes under every convention, in the browser itself."""

import pytest
from boxes import align_error, apart, in_javascript, in_the_kernels, random_cases

from grader import play

BOXES = 1000


def test_a_thousand_random_boxes(browser, page):
    """Pooling to the last bit; align within 1e-12."""
    browser.open(page)
    cases = random_cases(BOXES)
    answers = in_javascript(browser, cases)
    assert len(answers) == BOXES
    expected = [in_the_kernels(case) for case in cases]
    differing = [
        (found, case)
        for case, got, right in zip(cases, answers, expected, strict=True)
        if (found := apart(case, got, right))
    ]
    assert not differing
    assert max(map(align_error, cases, answers, expected)) < 1e-12


def test_the_random_boxes_are_of_all_kinds():
    boxes = [[end * case["scale"] for end in case["box"]] for case in random_cases(BOXES)]
    kinds = {
        "over the left border": lambda x1, y1, x2, y2: x1 < 0 < x2,
        "over the bottom": lambda x1, y1, x2, y2: y1 < 5 and y2 > 9,
        "off the map": lambda x1, y1, x2, y2: x2 < -1,
        "reversed": lambda x1, y1, x2, y2: x2 < x1,
        "under a cell": lambda x1, y1, x2, y2: 0 <= x2 - x1 < 1,
        "halves": lambda x1, y1, x2, y2: x1 % 1 == 0.5,
    }
    counts = {name: sum(is_kind(*box) for box in boxes) for name, is_kind in kinds.items()}
    assert min(counts.values()) >= 20, counts


@pytest.mark.parametrize(
    ("right", "wrong", "found_in"),
    [
        ('if (rounding === "floor") return Math.floor(end) + 0;', "", {"regions", "pool"}),
        ("whole % 2 === 1", "whole % 2 === 0", {"regions", "pool"}),
        ('"inclusive" ? 1 : 0', '"inclusive" ? 0 : 1', {"regions", "pool"}),
        (": Math.ceil(end)", ": Math.round(end)", {"pool"}),
        ("plane[y][x] > maximum", "plane[y][x] >= maximum", {"argmax"}),
        ("let maximum = -Infinity", "let maximum = 0", {"pool"}),
        ("total / bin.count", "total / bin.onMap", {"pool"}),
        ("point >= -1 &&", "point >= 0 &&", {"align"}),
        ("fx * topRight", "fy * topRight", {"align"}),
        ("((i + 0.5) * binSize) / count", "(i * binSize) / count", {"align"}),
        ("Math.max(Math.ceil(size / bins), 0)", "Math.max(Math.floor(size / bins), 0)", {"align"}),
        ("spatialScale - 0.5 - scaled]", "spatialScale - scaled]", {"align"}),
    ],
)
def test_a_planted_fault_is_found(browser, tmp_path, monkeypatch, right, wrong, found_in):
    """The same comparison, with one thing wrong in roi.js."""
    read = play._file

    def with_fault(name):
        text = read(name)
        assert name != "roi.js" or text.count(right) == 1
        return text.replace(right, wrong) if name == "roi.js" else text

    monkeypatch.setattr(play, "_file", with_fault)
    browser.open(play.write(tmp_path))
    cases = random_cases(150)
    answers = in_javascript(browser, cases)
    found = set()
    for case, got in zip(cases, answers, strict=True):
        found.update(apart(case, got, in_the_kernels(case)))
    assert found_in <= found
