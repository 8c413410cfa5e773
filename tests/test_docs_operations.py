"""docs/operations/: each page's Python runs, its picture is as drawn, and each operation has a page."""

import doctest
import re
import runpy
from importlib.util import find_spec
from pathlib import Path

import pytest

import roikit

FOLDER = Path(__file__).parents[1] / "docs" / "operations"
PAGES = sorted(FOLDER.glob("*.md"))
#: torch is optional.
RUN = [page for page in PAGES if page.stem != "torch" or find_spec("torch")]
FIGURES = sorted((FOLDER / "figures").glob("*.py"))


def of(path):
    return path.stem


@pytest.mark.parametrize("page", RUN, ids=of)
def test_python_blocks(page):
    """In order, in one namespace."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    assert test.examples
    assert doctest.DocTestRunner(optionflags=flags).run(test).failed == 0


@pytest.mark.parametrize("script", FIGURES, ids=of)
def test_a_picture_is_what_its_script_draws(script):
    """Else: ``python docs/operations/draw.py``."""
    drawn = runpy.run_path(str(script))["figure"]().svg
    assert (FOLDER / f"{script.stem}.svg").read_text(encoding="utf-8") == f"{drawn}\n"
    page = FOLDER / f"{script.stem}.md"
    assert f"({script.stem}.svg)" in page.read_text(encoding="utf-8")


def test_every_operation_has_a_page():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in roikit.__all__:
        if getattr(getattr(roikit, name), "__module__", "").startswith("roikit.ops."):
            assert f"`{name}" in text or name in {"bin_edges", "quantize_rois", "bilinear_interpolate"}, name


def test_links_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (FOLDER / target).exists(), (page.name, target)
