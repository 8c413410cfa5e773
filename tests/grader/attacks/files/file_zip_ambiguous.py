# expect: refused
# kind: file zip
from making import GOOD, notebook, zipped


def build():
    return zipped(("a.ipynb", notebook(GOOD)), ("b.ipynb", notebook(GOOD)))
