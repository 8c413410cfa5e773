"""How a student's source is run, and the sentences about what went wrong. In this process: it is our code."""

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
        "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType' (cell 2, line 3)"
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


def test_exit_goes_through():
    with pytest.raises(SystemExit):
        load("raise SystemExit(3)\n", is_notebook=False)
