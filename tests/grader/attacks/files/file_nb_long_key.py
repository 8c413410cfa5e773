# expect: correct
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook(GOOD, **{"k" * (10 << 20): 1})
