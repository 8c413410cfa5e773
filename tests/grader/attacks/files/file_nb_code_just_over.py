# expect: refused
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook(GOOD, "#" * (2 << 20))
