# expect: refused
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    return notebook(GOOD, code(["x = 1\n", 2, None, ["y"]]))
