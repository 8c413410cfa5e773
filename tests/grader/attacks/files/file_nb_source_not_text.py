# expect: refused
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    return notebook(GOOD, code({"a": 1}))
