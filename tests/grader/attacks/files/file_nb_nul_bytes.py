# expect: refused
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook(GOOD).replace(b"asarray", b"as\x00array")
