"""The documents' figures: their numbers by hand, and the files in .github as the code draws them."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from roikit.explain import figures

COMMITTED = Path(__file__).parents[2] / ".github"


def texts(picture):
    root = ElementTree.fromstring(picture.svg)
    return [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]


def test_665_over_32():
    """20.78125 -> 20 loses 25 pixels; 7 bins of 2 cells are 14 of 20, which loses 6 * 32 = 192."""
    lost = figures.losses()
    assert (lost.pixels, lost.stride, lost.bins) == (665, 32, 7)
    assert (lost.scaled, lost.quantized, lost.in_bins) == (20.78125, 20, 14)
    assert (lost.by_the_box, lost.by_the_bins, lost.looked_at) == (25, 192, 448)
    assert lost.by_the_box + lost.by_the_bins + lost.looked_at == 665
    words = texts(figures.losses_665())
    assert "the box: 665 / 32 = 20.78125 cells" in words
    assert "the box quantized: 20 cells, 25 pixels lost" in words
    assert "7 bins quantized: 20/7 → 2 cells each, 192 pixels lost" in words
    assert "RoIAlign: 7 bins of 2.96875 cells, nothing lost" in words
    assert "Of 665 pixels 448 are looked at" in " ".join(words)


def test_pooling_8x8():
    words = texts(figures.pooling_8x8())
    after = words[words.index("result") :]
    assert [word for word in after if word.startswith("0.")] == ["0.85", "0.84", "0.97", "0.96"]
    assert "box: x 0 to 7, y 3 to 8: columns 0..6, rows 3..7" in words


def test_sample_points():
    """2249/3200 is the largest of the first bin's four samples."""
    words = " ".join(texts(figures.sample_points()))
    assert "maximum 0.702813 of 2×2 samples: 0.636094, 0.702813, 0.365, 0.203906" in words


def test_areas_as_weights():
    """At (3.125, 0.375) top left weighs .875 * .625, and so on; together they are 1."""
    words = texts(figures.areas_as_weights())
    weights = {"A": 0.875 * 0.625, "B": 0.875 * 0.375, "C": 0.125 * 0.625, "D": 0.125 * 0.375}
    for name, weight in weights.items():
        assert f"{name}: {weight}" in words
    assert [word for word in words if "= 0.85" in word or "= 0.74" in word] == ["A = 0.85", "D = 0.74"]
    assert "0.546875·A + 0.328125·B + 0.078125·C + 0.046875·D = 0.636094" in words


@pytest.mark.parametrize("name", figures.FIGURES)
def test_the_committed_files_are_what_the_code_draws(name):
    """Else: ``python -m roikit.explain.figures .github``."""
    committed = (COMMITTED / f"{name}.svg").read_text(encoding="utf-8")
    assert committed == f"{figures.FIGURES[name]().svg}\n"


def test_one_command_writes_them_all(tmp_path):
    argv = [sys.executable, "-m", "roikit.explain.figures", str(tmp_path)]
    subprocess.run(argv, check=True, timeout=60)
    assert {path.stem for path in tmp_path.iterdir()} == set(figures.FIGURES)
