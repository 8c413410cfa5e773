"""How a student's source is run, and the sentences about what went wrong. In this process: it is our code."""

import sys
import traceback

import pytest

from grader.sandbox import loader


def load(*texts, is_notebook=True):
    cells = [(f"cell {k}" if is_notebook else "roi_pool.py", text) for k, text in enumerate(texts, 1)]
    namespace = {}
    return namespace, loader.load(cells, is_notebook, namespace), cells


def test_only_definitions_of_a_notebook_are_run():
    namespace, failures, _ = load(
        "import math\nsize = 2\nsize += 1\n1 / 0\nprint('experiment')\n",
        "for k in range(3):\n    size = k\nwith open('nowhere'):\n    pass\nassert False\ndel size\n",
        "if size == 3:\n    def area(r):\n        return math.pi * r * r\nclass Box: pass\n",
        "try:\n    import nowhere_to_be_found\nexcept ImportError:\n    nowhere_to_be_found = None\n",
    )
    assert not failures
    assert namespace["size"] == 3
    assert namespace["area"](1) == pytest.approx(3.14159, abs=1e-5)
    assert namespace["nowhere_to_be_found"] is None


def test_a_module_is_run_whole_but_is_not_main():
    text = "seen = []\nfor k in range(3):\n    seen.append(k)\nif __name__ == '__main__':\n    seen = None\n"
    namespace, failures, _ = load(text, is_notebook=False)
    assert namespace["seen"] == [0, 1, 2]
    assert namespace["__name__"] == "submission"
    assert not failures


def test_a_cell_that_raises_is_left_and_the_next_goes_on():
    namespace, failures, _ = load("a = 1\nb = nothing\nc = 3\n", "d = a + 1\n")
    assert namespace["d"] == 2
    assert "c" not in namespace
    assert failures == [loader.Failure("cell 1", 2, "NameError", "name 'nothing' is not defined")]


def test_a_syntax_error_costs_its_cell():
    namespace, failures, _ = load("a = 1\ndef f(:\n", "b = 2\n")
    assert "a" not in namespace
    assert namespace["b"] == 2
    assert (failures[0].label, failures[0].line, failures[0].kind) == ("cell 1", 2, "SyntaxError")


def test_a_module_ends_at_its_first_error():
    text = "def f(): return 1\nx = 1 / 0\ndef g(): return 2\n"
    namespace, failures, _ = load(text, is_notebook=False)
    assert "f" in namespace
    assert "g" not in namespace
    assert failures[0].sentence == "roi_pool.py raised ZeroDivisionError: division by zero (line 2)"


@pytest.mark.parametrize("is_notebook", [True, False])
def test_a_missing_module_for_drawing_costs_nothing(is_notebook):
    text = "import drawing.pyplot as plt, math\nplt.size = 3\n"
    text += "def f(): return math.tau\ndef draw(): plt.show()\n"
    namespace, failures, _ = load(text, is_notebook=is_notebook)
    assert namespace["f"]() > 6
    assert failures[0].sentence == "drawing is not available while grading"
    with pytest.raises(NameError) as caught:
        namespace["draw"]()
    sentence = loader.error_sentence("draw", caught.value, {"cell 1"}, failures)
    assert sentence == "drawing is not available while grading"


@pytest.mark.parametrize("is_notebook", [True, False])
@pytest.mark.parametrize(
    "above",
    [
        "import absent_here as plt\nfig, (ax, *axes) = plt.subplots()\nax2 = ax.twinx()\nax2.size = 3\n",
        "from absent_here import examples\nM: list = examples.MAP_8X8\nshape = M.shape\nH, W = shape\n",
        "from absent_here import *\nM = MAP_8X8\nshape = M.shape\n",
        "import absent_here\n@absent_here.jit\ndef fast(): pass\nf = fast\n",
        "import absent_here\nif absent_here.on:\n    size = 1\nelse:\n    size = 2\narea = size * size\n",
        "def draw():\n    import absent_here\npicture = draw()\nsmall = picture.crop()\n",
    ],
)
def test_what_builds_on_a_missing_module_costs_nothing(above, is_notebook):
    namespace, failures, _ = load(above + "def solve(): return 7\n", is_notebook=is_notebook)
    assert namespace["solve"]() == 7
    assert {failure.sentence for failure in failures} == {"absent_here is not available while grading"}


def test_what_a_function_misses_is_traced_to_the_module():
    namespace, failures, cells = load(
        "from absent_here import examples\n", "M = examples.MAP_8X8\n", "def solve(): return M\n"
    )
    with pytest.raises(NameError) as caught:
        namespace["solve"]()
    sentence = "absent_here is not available while grading"
    assert loader.error_sentence("solve", caught.value, {"cell 3"}, failures) == sentence
    assert loader.missing_sentence("M", failures, cells) == f"M is not defined: {sentence}"
    assert loader.missing_sentence("other", failures, cells) == "other is not defined"  # no fault of a module


def test_another_error_still_ends_a_module():
    text = "import absent_here\nx = absent_here.y\nz = 1 / 0\ndef f(): pass\n"
    namespace, failures, cells = load(text, is_notebook=False)
    assert "f" not in namespace
    assert loader.missing_sentence("f", failures, cells) == (
        "f is not defined: roi_pool.py raised ZeroDivisionError: division by zero (line 3)"
    )


def test_a_notebook_saved_as_a_module():
    """nbconvert writes a magic as a call of IPython's."""
    text = "get_ipython().run_line_magic('matplotlib', 'inline')\nfiles = get_ipython().getoutput('ls')\n"
    namespace, failures, cells = load(text + "def f(): return 7\n", is_notebook=False)
    assert namespace["f"]() == 7
    assert loader.missing_sentence("g", failures, cells) == "g is not defined"
    assert "IPython is not available" in loader.missing_sentence("files", failures, cells)


LOOP = "TABLE = []\nfor i in range(10): TABLE.append(i)\n"
LEFT_OUT = "is left out while grading: put it into a function"


@pytest.mark.parametrize(
    ("first", "body", "note"),
    [
        (LOOP, "TABLE[3]", f"; the loop at top level of cell 1, line 2, {LEFT_OUT}"),
        ("SIZE = [0]\nwhile True:\n    SIZE[0] = 2\n    break", "1 / SIZE[0]",
         f"; the loop at top level of cell 1, line 2, {LEFT_OUT}"),
        ("with open('side') as file:\n    side = int(file.read())", "side",
         f"; the statement at top level of cell 1, line 1, {LEFT_OUT}"),
        ("T = {}\nT.update(a=1)", "T['a']", f"; the statement at top level of cell 1, line 2, {LEFT_OUT}"),
        (LOOP, "1 / 0", ""),
        ("import math\nfor k in range(3):\n    print(math.sqrt(k))\nmath.floor(1)", "math.sqrt(-1)", ""),
    ],
)  # fmt: skip
def test_a_left_out_loop_that_a_function_needs_is_named(first, body, note):
    namespace, failures, _ = load(first, f"def solve():\n    return {body}\n")
    assert not failures
    with pytest.raises(Exception) as caught:  # noqa: PT011
        namespace["solve"]()
    sentence = loader.error_sentence("solve", caught.value, {"cell 2"}, failures)
    assert sentence == f"{type(caught.value).__name__}: {caught.value} (in solve, cell 2, line 2){note}"


def test_a_function_defined_in_what_is_left_out():
    _, failures, cells = load("with open('nowhere'):\n    def solve(): pass\n")
    assert loader.missing_sentence("solve", failures, cells) == (
        f"solve is not defined; the statement at top level of cell 1, line 1, {LEFT_OUT}"
    )


def test_a_module_leaves_nothing_out():
    _, failures, _ = load(LOOP, is_notebook=False)
    assert failures.left_out == []


def test_long_expressions_are_no_burden():
    namespace, failures, _ = load("x = " + "1 + " * 900 + "1\n")
    assert (namespace["x"], failures) == (901, [])


def test_what_must_be_written_by_oneself():
    sentence = loader.not_available("roikit")
    assert sentence == "roikit is not available while grading: write the function yourself"


def test_future_statements_hold_for_what_follows():
    namespace, failures, _ = load("from __future__ import annotations\n", "def f(x: nowhere): pass\n")
    assert not failures
    assert namespace["f"].__annotations__ == {"x": "nowhere"}


def test_tracebacks_show_the_cell_and_its_line():
    namespace, _, _ = load("a = 1\n", "def f():\n\n    return a + None  # here\n")
    with pytest.raises(TypeError) as caught:
        namespace["f"]()
    assert loader.error_sentence("f", caught.value, {"cell 2"}) == (
        "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType' (in f, cell 2, line 3)"
    )
    text = loader.own_traceback(caught.value, {"cell 2"})
    assert 'File "cell 2", line 3, in f\n    return a + None  # here' in text
    assert __file__ not in text
    assert __file__ in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ([], "solve is not defined"),
        (["x = 1"], "solve is not defined"),
        (["x = nothing\ndef solve(): pass"],
         "solve is not defined: cell 1 raised NameError: name 'nothing' is not defined (line 1)"),
        (["y = 1 / 0", "def solve(:"],
         "solve is not defined: cell 2 raised SyntaxError: invalid syntax (line 1)"),
        (["# cell 1 is left out: '%%writefile' is not Python\n# %%writefile a.py\n# def solve(): pass",
          "y = 1 / 0"],
         "solve is not defined: cell 1 is left out: '%%writefile' is not Python"),
        (["# cell 1 is left out: '%%writefile' is not Python\n# %%writefile a.py\n# def solver(): pass"],
         "solve is not defined"),
        (["from roikit import roi_pool as solve"],
         "solve is not defined: roikit is not available while grading: write the function yourself"),
    ],
)  # fmt: skip
def test_why_a_function_is_missing(texts, sentence, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "roikit", None)  # as if it were not installed
    _, failures, cells = load(*texts)
    if "roikit" in sentence:
        failures = [failures[0]._replace(module="roikit")]
    assert loader.missing_sentence("solve", failures, cells) == sentence


def test_stubs_and_exceptions_that_cannot_speak():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    assert loader.error_sentence("f", NotImplementedError(), set()) == (
        "f is not written yet (it raises NotImplementedError)"
    )
    assert loader.error_sentence("f", Mute(), set()) == "Mute: ?"
    assert loader.error_sentence("f", ValueError(), set()) == "ValueError"


def test_whose_stub_it_is():
    """The function's that raised, which the one that was called needs; a library's exception is no stub's."""
    namespace, _, _ = load(
        "import codecs\n"
        "def part(): raise NotImplementedError\n"
        "def whole(): return part()\n"
        "def spell(): return codecs.Codec().encode('x')\n"
    )
    with pytest.raises(NotImplementedError) as caught:
        namespace["whole"]()
    assert loader.error_sentence("whole", caught.value, {"cell 1"}) == f"part {loader.UNWRITTEN}"
    with pytest.raises(NotImplementedError) as caught:
        namespace["spell"]()
    sentence = "NotImplementedError (in spell, cell 1, line 4)"
    assert loader.error_sentence("spell", caught.value, {"cell 1"}) == sentence


def test_the_function_around_a_lambda_is_named():
    namespace, _, _ = load("def f():\n    return sorted([1, 2], key=lambda k: k / 0)\n")
    with pytest.raises(ZeroDivisionError) as caught:
        namespace["f"]()
    sentence = "ZeroDivisionError: division by zero (in f, cell 1, line 2)"
    assert loader.error_sentence("f", caught.value, {"cell 1"}) == sentence


def test_exit_goes_through():
    with pytest.raises(SystemExit):
        load("raise SystemExit(3)\n", is_notebook=False)


# ------------------------------------------------------------------ modules beside it
@pytest.fixture
def load_with():
    """The source's cell and its modules -> (namespace, failures); afterwards no trace of them is left."""
    before = list(sys.meta_path)

    def make(text, **modules):
        texts = [(f"{name}.py", text) for name, text in modules.items()]
        namespace = {}
        return namespace, loader.load([("cell 1", text)], True, namespace, texts)

    yield make
    make("")
    sys.meta_path[:] = before


def test_a_module_beside_it_is_imported_as_a_module(load_with):
    namespace, failures = load_with(
        "from pool_a import area\nimport pool_a\nname = pool_a.__name__",
        pool_a="import pool_b\nfor side in range(3): pass\ndef area(): return pool_b.square(side)\n",
        pool_b="def square(x): return x * x\n",
    )
    assert not failures
    assert namespace["area"]() == 4
    assert namespace["name"] == "pool_a"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\n1 / 0", "cell 1 raised ZeroDivisionError: division by zero (pool_a.py, line 2)"),
        ("\n\ndef f(:", "cell 1 raised SyntaxError: invalid syntax (pool_a.py, line 3)"),
        ("y = 1", "cell 1 raised ImportError: cannot import name 'area' from 'pool_a' (pool_a.py) (line 1)"),
    ],
)
def test_what_fails_in_a_module_is_told_with_its_place(load_with, text, sentence):
    _, failures = load_with("from pool_a import area", pool_a=text)
    assert failures[0].sentence == sentence
    assert loader.missing_sentence("area", failures, []) == f"area is not defined: {sentence}"


def test_a_module_for_drawing_costs_no_module_its_functions(load_with):
    text = "import nowhere_to_be_found as plt\ndef area(): return 4\ndef draw(): plt.show()\n"
    namespace, failures = load_with("from pool_a import area, draw", pool_a=text)
    assert namespace["area"]() == 4
    with pytest.raises(NameError) as raised:
        namespace["draw"]()
    assert loader.error_sentence("draw", raised.value, {"cell 1"}, failures) == (
        "nowhere_to_be_found is not available while grading"
    )


def test_no_module_takes_another_s_place(load_with):
    namespace, _ = load_with("import json\nimport pytest", json="evil = 1", pytest="evil = 1")
    assert not hasattr(namespace["json"], "evil")
    assert namespace["pytest"] is pytest


def test_the_next_source_has_its_own_modules(load_with):
    load_with("import pool_a", pool_a="x = 1")
    namespace, _ = load_with("from pool_a import x", pool_a="x = 2")
    assert namespace["x"] == 2
    _, failures = load_with("import pool_a")
    assert failures[0].sentence == "pool_a is not available while grading"
