"""Which functions may be called again in one process: those that carry nothing along, by their text."""

import ast

import numpy as np
import pytest

from grader import assignment
from grader.intake import collect
from grader.records import Cell, Source
from grader.sandbox import Limits, Sandbox
from grader.sandbox.loader import KEPT
from grader.sandbox.stateless import Stateless

PURE = {
    "loops": "def f(x):\n    total = 0\n    for value in x.ravel():\n        total += value\n"
    "    return total",
    "a constant": "EPS = -1e-9\ndef f(x):\n    return x + EPS",
    "numpy by any name": "import numpy as n\ndef f(x):\n    return n.maximum.reduce(x, axis=0) + n.pi",
    "names out of numpy": "from numpy import floor, zeros\ndef f(x):\n    return zeros(3) + floor(x)",
    "functions inside": "def f(x):\n    seen = []\n    def put(v):\n        seen.append(v)\n    put(x)\n"
    "    return seen",
    "another function": "def g(x):\n    return max(x, 0)\ndef f(x):\n    return [g(v) for v in x]",
    "each other": "def f(n):\n    return n and g(n - 1)\ndef g(n):\n    return n and f(n - 1)",
    "written twice": "def f(x):\n    raise NotImplementedError\ndef f(x):\n    return x",
    "types said": "def f(x: np.ndarray, n: int = 2) -> 'np.ndarray':\n    y: list = []\n    return x",
    "scratch cells": "import numpy as np\nx = np.arange(9).reshape(3, 3)\ny = x.sum()\ndef f(x):\n"
    "    return x",
    "tried at the end": "def f(x):\n    return x\nif __name__ == '__main__':\n    import os\n"
    "    os.system('ls')",
    "a type asked for": "import numpy as np\ndef f(x):\n    return isinstance(x, (list, np.ndarray))",
    "another name": "def g(x):\n    return x\nh = g\ndef f(x):\n    return h(x)",
    "an absent module": "from roikit import explain\nimport matplotlib.pyplot as plt\ndef f(x):\n"
    "    return x",
}
CARRIES = {
    "a list": "seen = []\ndef f(x):\n    seen.append(x)\n    return seen",
    "a default": "def f(x, seen=[]):\n    seen.append(x)\n    return seen",
    "a default of a name": "T = np.zeros(3)\ndef f(x, t=T):\n    t[0] += 1\n    return t",
    "a global": "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n",
    "a global further in": "n = 0\ndef f(x):\n    def g():\n        global n\n        n += 1\n    g()\n"
    "    return n",
    "an attribute": "def f(x):\n    f.n = getattr(f, 'n', 0) + 1\n    return f.n",
    "an attribute of numpy": "import numpy as np\ndef f(x):\n    np.seen = x\n    return x",
    "numpy handed on": "import numpy as np\ndef f(x):\n    m = np\n    m.seen = x\n    return x",
    "numpy out of a cell": "import numpy as np\nm = np\ndef f(x):\n    return m.max(x)",
    "another name of a list's": "seen = []\nput = seen.append\ndef f(x):\n    return put(x)",
    "another name of what carries": "seen = []\ndef g(x):\n    seen.append(x)\nh = g\n"
    "def f(x):\n    return h(x)",
    "a name of a name": "seen = []\nh = seen\nk = h\ndef f(x):\n    return k",
    "a class": "class T:\n    n = 0\ndef f(x):\n    return x",
    "a decorator": "from functools import lru_cache\n@lru_cache\ndef f(x):\n    return x",
    "wrapped later": "import numpy as np\ndef f(x):\n    return x\nf = np.vectorize(f)",
    "another function": "seen = []\ndef g(x):\n    seen.append(x)\ndef f(x):\n    return g(x)",
    "through a name": "seen = []\ndef g(x):\n    seen.append(x)\ndef f(x):\n    return list(map(g, x))",
    "memory that was used": "import numpy as np\ndef f(x):\n    return np.empty(3)",
    "memory by its type": "import numpy as np\ndef f(x):\n    return np.ndarray(3)",
    "random numbers": "import numpy as np\ndef f(x):\n    return np.random.rand()",
    "the clock": "import time\ndef f(x):\n    return time.time()",
    "files": "def f(x):\n    open('/tmp/n', 'a').write('1')\n    return x",
    "files of numpy": "import numpy as np\ndef f(x):\n    x.tofile('/tmp/n')\n    return x",
    "frames": "def f(x):\n    return (lambda: (yield))().gi_frame.f_back.f_globals",
    "builtins of its own": "S = []\n__builtins__ = {'len': S.append}\ndef f(x):\n    return len(x)",
    "a changed dictionary": "from numpy import __dict__ as D\nD.update(max=print)\ndef f(x):\n    return x",
    "what another module has": "import operator\nT = operator.attrgetter('x')\ndef f(x):\n    return x",
    "a builtin that is hidden in vain": "def f(x):\n    open('/tmp/n')\ny = 1 // 0\nopen = 1",
    "what an import prints": "print('hello')\ndef f(x):\n    return x",
    "a generator": "def f(x):\n    yield x",
    "places unwritten": "import numpy as np\ndef f(x):\n    return np.divide(x, x, where=x > 5)",
    "places unwritten by name": "import numpy as np\ndef f(x):\n    A = np.ndarray\n    return A(2)",
    "text that looks around": "def f(x):\n    return '{0.__globals__}'.format(f)",
    "a module inside": "def f(x):\n    import os\n    return os.getpid()",
    "a changed numpy": "import numpy as np\nnp.max = print\ndef f(x):\n    return np.max(x)",
    "a name in an expression": "import numpy as np\nprint(max := min)\ndef f(x):\n    return max(x)",
    "a call in a type": "def g():\n    return int\ndef f(x: g()):\n    return x",
    "exec": "def f(x):\n    exec('import os')\n    return x",
    "format that reads": "def f(x):\n    return vars(f)",
    "a module beside": "from helper import g\ndef f(x):\n    return g(x)",
    "import of all": "from numpy import *\ndef f(x):\n    return x",
    "a module that acts": "import antigravity\ndef f(x):\n    return x",
    "a loop at top level": "def f(x):\n    return x\nfor k in range(3):\n    pass",
    "a hidden builtin": "print = open\ndef f(x):\n    print('/tmp/n', 'w')\n    return x",
}


@pytest.mark.parametrize("name", PURE)
def test_carries_nothing(name):
    assert "f" in Stateless([("solution.py", PURE[name])])


@pytest.mark.parametrize("name", CARRIES)
def test_may_carry_something(name):
    assert "f" not in Stateless([("solution.py", CARRIES[name])])


def test_of_a_notebook_experiments_are_not_run():
    cells = [
        ("cell 1", "for k in range(3):\n    print(k)"),
        ("cell 2", "def f(x):\n    return x"),
        ("cell 3", "f("),
    ]
    assert "f" in Stateless(cells, KEPT)
    assert "f" not in Stateless(cells, ast.stmt)
    assert "absent" not in Stateless(cells, KEPT)


def test_a_cell_that_is_run_in_part():
    text = "S = []\ndef f(x):\n    S.append(x)\n    return S\nnonlocal S"
    assert "f" not in Stateless([("cell 1", text)], KEPT)


@pytest.mark.parametrize("name", assignment.names())
def test_the_course_s_solutions_are_seen_through(name):
    lesson = assignment.load(name)
    with collect.hand_ins(lesson.notebook, name, Limits(), lesson) as found:
        source = found[0].read().source
    known = Stateless([(cell.label, cell.text) for cell in source.cells], KEPT)
    assert all(function in known for function in lesson.functions)


# ------------------------------------------------------------------ in the sandbox
#: What differs between calls is the calls' own doing: nothing of the process comes through.
PROGRAM = """
import numpy as np
scratch = [1, 2, 3]

def plain(x):
    return x * 2

def warns(x):
    print("dividing")
    return x / np.zeros(2)

def warns_elsewhere(x):
    return np.mean(x[:0]), np.nanmean(x[:0])

def raises(x):
    return x[7]

def hungry(x):
    return np.zeros(1 << 40)

def deep(x):
    return deep(x)

def odd(x):
    return {1, 2}

def changes(x):
    x += 1
    return x

def written_later(x):
    raise NotImplementedError
"""
CALLS = (
    "plain", "warns", "warns_elsewhere", "raises", "warns", "hungry", "plain", "deep", "odd", "changes",
    "absent", "written_later",
)  # fmt: skip


def told(outcome):
    value = repr(outcome.value)
    printed = outcome.stdout, outcome.stderr, outcome.traceback
    return outcome.status, value, outcome.sentence, outcome.phase, outcome.changed, *printed


def test_calls_of_one_process_tell_what_calls_of_their_own_do(full_rung, limits):
    """A class beside the functions has each call run in a process of its own."""
    seen = []
    for more in ("", "\nclass NotSeenThrough:\n    pass\n"):
        with Sandbox(Source((Cell("roi.py", PROGRAM + more),), False), limits, full_rung) as box:
            seen.append([told(box.call(name, [np.ones(2)])) for name in (*CALLS, *CALLS)])
    for name, together, apart in zip((*CALLS, *CALLS), *seen, strict=True):
        assert together == apart, name
    assert [one[0] for one in seen[0][:5]] == ["returned", "returned", "returned", "error", "returned"]


def processes(source, names, limits, rung):
    """How many processes of calls the sandbox started, by the numbers that it gives them."""
    text = f"{source}\ndef number():\n    import os\n    return os.getpid()\n"
    with Sandbox(Source((Cell("roi.py", text),), False), limits, rung) as box:
        first = box.call("number", []).value
        for name in names:
            assert box.call(name, [np.ones(2)]).status in ("returned", "error")
        return box.call("number", []).value - first - 1


def test_processes_are_saved(full_rung, limits):
    assert processes(PROGRAM, ["plain"] * 20, limits, full_rung) == 1
    assert processes(PROGRAM + "\nclass T: pass", ["plain"] * 20, limits, full_rung) == 20


def test_a_timeout_is_told_once(full_rung, limits):
    text = "def f(x):\n    while x[0] > 1:\n        pass\n    return x"
    with Sandbox(Source((Cell("roi.py", text),), False), limits, full_rung) as box:
        assert box.call("f", [np.ones(2)]).status == "returned"
        late = box.call("f", [np.full(2, 2.0)])
        assert (late.status, late.sentence) == ("timeout", "f took more than 1 s")
        assert late.seconds < 2 * limits.call_seconds
        assert box.call("f", [np.ones(2)]).status == "returned"
