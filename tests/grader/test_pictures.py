"""A picture is drawn once, and never shown for another one."""

from functools import partial

import numpy as np
import pytest

import roikit
from grader import pictures
from grader.compare import compare

MAP = np.arange(32.0).reshape(1, 2, 4, 4)
ROIS = np.array([[0.0, 0, 0, 4, 4]])
EXPECTED = roikit.roi_pool(MAP, ROIS, (2, 2))


@pytest.fixture
def drawings(monkeypatch):
    """How often a picture was drawn."""
    monkeypatch.setattr(pictures, "_kept", {})
    drawn = []
    original = roikit.explain.Explanation.picture

    def noted(self, *args, **kwargs):
        drawn.append(args)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(roikit.explain.Explanation, "picture", noted)
    return drawn


def asked(features=MAP, rois=ROIS, actual=EXPECTED + 1, **options):
    """A picture of what one student got."""
    found = compare(actual, EXPECTED)
    return pictures.drawn(partial(roikit.explain.roi_pool, features, rois, (2, 2), **options), found)


def test_the_same_is_drawn_once(drawings):
    first = asked()
    assert first.startswith("<svg")
    assert asked(MAP.copy(), ROIS.copy(), EXPECTED + 1) is first
    assert len(drawings) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"features": MAP + 1},
        {"features": MAP.astype(np.float32)},
        {"rois": [[0, 0, 0, 4, 4]]},
        {"actual": EXPECTED + 2},
        {"actual": EXPECTED + np.float32(1)},
        {"actual": (EXPECTED + 1)[:, ::-1]},
        {"actual": "no numbers"},
        {"convention": "caffe"},
        {"spatial_scale": 1},
        {"spatial_scale": 1.0},
    ],
    ids=str,
)
def test_whatever_differs_is_drawn_anew(drawings, other):
    kept = asked()
    again = asked(**other)
    pictures._kept.clear()
    assert again == asked(**other)
    assert kept == asked()


def test_one_that_is_not_roikit_s_is_drawn_each_time(drawings):
    found = compare(EXPECTED + 1, EXPECTED)
    for _ in range(2):
        pictures.drawn(lambda: roikit.explain.roi_pool(MAP, ROIS, (2, 2)), found)
        pictures.drawn(roikit.explain.roi_pool(MAP, ROIS, (2, 2)), found)
    assert len(drawings) == 4


def test_a_sum_of_few_is_kept(drawings, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_KEPT", 2)
    for step in (1, 2, 1, 3, 1):  # 1 stays: it was asked for last, whenever one had to go
        asked(actual=EXPECTED + step)
    assert len(drawings) == 3
    assert len(pictures._kept) == 2
