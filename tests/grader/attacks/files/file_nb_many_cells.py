# expect: refused
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook(GOOD, *["x = 1"] * 10_000)
