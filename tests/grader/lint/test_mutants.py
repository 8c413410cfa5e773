"""One slip of the hand each, in the lines of a function."""

import ast

import pytest

from grader.lint.mutants import mutants


def slips(line):
    """What a line of a function may turn into."""
    return [mutant.after for mutant in mutants("cell 1", f"def f(x, y, n):\n    {line}\n")]


@pytest.mark.parametrize(("line", "some"), [
    ("return x + y", ["return x - y", "return x", "return y"]),
    ("return (x + 1) * n", ["return (x + 1) / n", "return (x - 1) * n", "return n"]),
    ("return -x", ["return x"]),
    ("return x < y", ["return x <= y", "return x >= y"]),
    ("return x not in y", ["return x in y"]),
    ("return 0 <= x < n", ["return 0 < x < n", "return 0 <= x <= n", "return 1 <= x < n"]),
    ("return x and y", ["return x or y", "return x", "return y"]),
    ("return (x > 0) & (y > 0)", ["return (x > 0) | (y > 0)", "return (x > 0)", "return (y > 0)"]),
    ("return 3", ["return 4", "return 2"]),
    ("return 0", ["return (-1)"]),
    ("return 0.5", ["return 1.5", "return (-0.5)"]),
    ("return f(x, True)", ["return f(x, False)", "return f(True, x)", "return x"]),
    ("return np.floor(x)", ["return np.ceil(x)", "return np.rint(x)", "return x"]),
    ("return max(x, y)", ["return min(x, y)"]),
    ("return x.mean(axis=1)", ["return x.max(axis=1)", "return x", "return x.mean(axis=2)"]),
    ("return np.zeros(n, dtype=x)", ["return np.ones(n, dtype=x)", "return np.zeros(n)"]),
    ("return x[y:n]", ["return x[y + 1:n]", "return x[y:n - 1]", "return x[:n]", "return x[y:]"]),
    ("return [g(p) for p in range(n)]", ["return [g(p) for p in range(n - 1)]"]),
    ("return [p for p in x if p]", ["return [p for p in x if not (p)]"]),
    ("return x, y", ["return y, x"]),
    ("x, y = n", ["y, x = n", "pass"]),
    ("return x if y else n", ["return x if not (y) else n"]),
    ("x += y", ["x -= y", "pass"]),
    ('return x == "avg"', ["return x == ''", 'return x != "avg"']),
])  # fmt: skip
def test_slips_of_a_line(line, some):
    assert set(some) <= set(slips(line))


def test_each_is_another_program():
    text = "def f(x):\n    return max(x, 0) + 1 * 2\n"
    trees = [ast.dump(ast.parse(mutant.text)) for mutant in mutants("cell 1", text)]
    assert len(trees) == len(set(trees)) > 10
    assert ast.dump(ast.parse(text)) not in trees


def test_what_students_are_given_stays():
    text = 'def f(x, n=2):\n    """About 3 lines."""\n    return x\n\n\nf(1, 2)\n'
    assert list(mutants("cell 1", text)) == []


def test_a_mutant_knows_its_line():
    text = "def f(x):\n    # é: two bytes\n    y = (\n        x - 1\n    )\n    return y\n"
    [mutant] = [one for one in mutants("cell 4", text) if "x + 1" in one.text]
    assert (mutant.place, mutant.before, mutant.after) == ("cell 4, line 4", "x - 1", "x + 1")
    assert mutant.text == text.replace("x - 1", "x + 1")


def test_a_condition_s_block_is_deleted():
    text = "def f(x):\n    if x:\n        x = 1\n    return x\n"
    assert "def f(x):\n    pass\n    return x\n" in [mutant.text for mutant in mutants("cell 1", text)]
