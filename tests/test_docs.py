"""docs/: the page's Python runs, its step 3 is the file, its figures are as drawn, its five steps agree."""

import doctest
import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "kernels.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def script(monkeypatch):
    """A script of docs/, its names by attribute of a dictionary; beside it lies what it imports."""
    monkeypatch.syspath_prepend(str(DOCS))
    yield lambda name: runpy.run_path(str(DOCS / name))
    sys.modules.pop("two_products", None)


def test_python_blocks():
    """In order, in one namespace: examples with their output, and code as it would stand in a file."""
    namespace = {}
    for number, block in enumerate(BLOCKS):
        if not block.startswith(">>>"):
            exec(compile(block, f"kernels.md, block {number}", "exec"), namespace)
            continue
        test = doctest.DocTestParser().get_doctest(block, namespace, f"block {number}", "kernels.md", 0)
        assert doctest.DocTestRunner().run(test, clear_globs=False).failed == 0
        namespace = test.globs
    assert len(BLOCKS) >= 5


def test_step_3_is_the_file():
    file = (DOCS / "two_products.py").read_text(encoding="utf-8")
    assert [block for block in BLOCKS if block in file]


def test_the_committed_figures_are_what_the_code_draws(script):
    """Else: ``python docs/figures.py``."""
    figures = script("figures.py")["FIGURES"]
    for name, figure in figures.items():
        committed = (DOCS / f"{name}.svg").read_text(encoding="utf-8")
        assert committed == f"{figure().svg}\n"
        assert f"({name}.svg)" in PAGE


def test_all_steps_agree(script):
    steps = script("steps.py")
    call = steps["call"](channels=20, count=8, shape=(40, 50))  # enough for the fast kernel
    level = steps["simd"].LEVEL
    outs = {name: call.new() for name in steps["steps"](call, level, threads=2)}
    for name, step in steps["steps"](call, level, threads=2).items():
        step(call, outs[name])
    first, plain, *others = outs.values()
    np.testing.assert_array_equal(plain, first)
    assert np.abs(first).max() > 0.5
    for name, out in zip(list(outs)[2:], others, strict=True):
        apart = 2e-4 if "ONNX" in name else 1e-6 * np.abs(call.features).max()
        assert np.abs(out - first).max() <= apart, name


def test_the_table_is_written_between_its_marks(script, tmp_path):
    steps = script("steps.py")
    page = tmp_path / "kernels.md"
    page.write_text(f"before\n{steps['BEGIN']}\nold\n{steps['END']}\nafter\n", encoding="utf-8")
    steps["write"]("| new |", page)
    assert page.read_text(encoding="utf-8") == f"before\n{steps['BEGIN']}\n| new |\n{steps['END']}\nafter\n"
    assert PAGE.count(steps["BEGIN"]) == PAGE.count(steps["END"]) == 1


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (DOCS / target).is_file(), target
