# expect: correct
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook(GOOD)
