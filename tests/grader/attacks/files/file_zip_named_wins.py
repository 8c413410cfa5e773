# expect: correct
# kind: file zip
from making import GOOD, notebook, zipped


def build():
    return zipped(("work/toy.py", GOOD), ("work/draft.ipynb", notebook("x = 1")), ("work/plot.png", b"x"))
