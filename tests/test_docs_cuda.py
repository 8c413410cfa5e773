"""docs/cuda.ipynb and docs/gpu.md: what they show is what they compute, and their kernels are CUDA C."""

import doctest
import itertools
import re
import runpy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from roikit.gpu import nvrtc

DOCS = Path(__file__).parents[1] / "docs"
NOTEBOOK = nbformat.read(DOCS / "cuda.ipynb", 4)
PAGE = (DOCS / "gpu.md").read_text(encoding="utf-8")
RIGHT, WRONG = "0.85 0.84 0.97 0.96", "0.85 0.84 0.83 0.96"


def shown(cell):
    """What a cell's outputs say, as plain text; a picture by its size."""
    return "".join(part.get("text") or part["data"]["text/plain"] for part in cell.outputs)


def below(words):
    """What the one cell with these words in it shows, as the notebook was committed."""
    (cell,) = (cell for cell in NOTEBOOK.cells if cell.cell_type == "code" and words in cell.source)
    return shown(cell)


def kernels():
    """The texts of the notebook's kernels by their names, each with what it builds on."""
    code = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code")
    texts = {}
    a_text = re.compile(r'^([A-Z]+) = (?:([A-Z]+) \+ )?r"""\n(.*?)"""', re.DOTALL | re.MULTILINE)
    for name, base, text in a_text.findall(code):
        texts[name] = texts.get(base, "") + text
    return {name: text for name, text in texts.items() if "__global__" in text}


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    return lambda name: runpy.run_path(str(DOCS / name))


# ------------------------------------------------------------------ the notebook
def test_the_notebook_runs_and_shows_what_was_committed():
    """Else, in docs: ``jupyter nbconvert --execute --to notebook --inplace cuda.ipynb``."""
    fresh = nbformat.from_dict(NOTEBOOK)
    committed = [shown(cell) for cell in fresh.cells if cell.cell_type == "code"]
    in_docs = {"metadata": {"path": str(DOCS)}}
    NotebookClient(fresh, kernel_name="python3", timeout=60, resources=in_docs).execute()
    assert [shown(cell) for cell in fresh.cells if cell.cell_type == "code"] == committed


def test_a_kernel_pools_the_map_as_roikit_does():
    pooled, expected = below("kernel(grid, block, (features"), below("roikit.roi_pool(")
    assert "[0.85, 0.84]" in pooled
    assert pooled.replace(", dtype=float32", "") == expected


def test_without_the_guard_a_thread_reads_behind_the_map():
    assert "thread (1,0,0) of block (1,0,0) reads map[64]" in below("pool(UNGUARDED")


def test_the_race_is_right_in_one_order_and_wrong_in_another():
    told = dict(line.split(maxsplit=1) for line in below("pool(FORGOTTEN, 4, 16, order=order)").splitlines())
    assert told == {"reverse": RIGHT, "forward": WRONG, "random:1": RIGHT}


def test_the_race_is_found_where_the_result_is_right():
    told = below('pool(FORGOTTEN, 4, 16, mode="check", order="reverse")')
    assert "race on __shared__ s: thread (15,0,0)" in told
    load, step = told.splitlines()[1:]
    assert "s[i] = map[" in load
    assert "s[i] = fmaxf(s[i], s[i + step]);" in step


def test_with_the_barrier_every_order_is_right():
    assert below("pool(MENDED").count(RIGHT) == 3


def test_sectors_are_those_of_the_text():
    """32 floats side by side are 4 sectors; from a step of 8 floats on each has its own."""
    assert "'step 1': 4.0" in below('f"step {step}": sectors')
    assert "'step 8': 32.0" in below('f"step {step}": sectors')
    table = [line.split() for line in below("lanes_are_channels, channels_last").splitlines()[1:]]
    assert [(row[0], float(row[2])) for row in table] == [("bins", 32.0), ("channels", 4.0)]


def test_the_stub_fails_and_the_solution_passes():
    stub, solution = below("check(ALIGN)"), below("check(SOLUTION)")
    assert (stub.count("FAIL"), stub.count("nothing was written to out")) == (3, 3)
    assert (solution.count("pass"), solution.count("FAIL")) == (3, 0)


@pytest.mark.parametrize("name", kernels())
def test_its_kernels_are_cuda_c(name):
    (kernel,) = nvrtc.compile(kernels()[name], 75).kernels
    assert kernel.spill_stores == 0


def test_the_committed_figures_are_what_the_code_draws(script):
    """Else: ``python docs/cuda_figures.py``."""
    for name, figure in script("cuda_figures.py")["FIGURES"].items():
        assert (DOCS / f"{name}.svg").read_text(encoding="utf-8") == f"{figure().svg}\n"


# ------------------------------------------------------------------ the page
def test_python_blocks():
    """In order, in one namespace, as a reader would type them."""
    blocks = "\n".join(re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    test = doctest.DocTestParser().get_doctest(blocks, {}, "gpu.md", "gpu.md", 0)
    assert len(test.examples) >= 10
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert target.startswith("https://") or (DOCS / target).exists(), target


def test_the_fast_kernel_asks_for_less(script):
    """On a small map with channels last: the plain kernel's lanes read a sector each."""
    traffic = script("gpu_traffic.py")
    call = traffic["call"]("NHWC", channels=32, count=4, shape=(20, 20))
    plain, fast = (traffic["count"]("roi_align", way, call) for way in ("plain", "fast"))
    assert plain.turns > 4 * fast.turns
    assert plain.sectors > 4 * fast.sectors


def test_part_of_a_large_grid_stands_for_all_of_it(script):
    counted_part = script("gpu_traffic.py")["counted_part"]
    assert counted_part(["traffic was counted in 16 of 64 blocks"]) == 0.25
    assert counted_part([]) == 1


def test_the_table_has_a_row_for_each_operation_and_layout(script):
    traffic = script("gpu_traffic.py")
    rows = re.findall(r"^\| `(\w+)` \| (N\w+) \|", PAGE, re.MULTILINE)
    assert rows == list(itertools.product(traffic["OPERATIONS"], traffic["LAYOUTS"]))


def test_the_table_is_written_between_its_marks(script, tmp_path):
    traffic = script("gpu_traffic.py")
    page, begin, end = tmp_path / "gpu.md", traffic["BEGIN"], traffic["END"]
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    traffic["write"]("| new |", page)
    assert page.read_text(encoding="utf-8") == f"before\n{begin}\n| new |\n{end}\nafter\n"
    assert PAGE.count(begin) == PAGE.count(end) == 1
