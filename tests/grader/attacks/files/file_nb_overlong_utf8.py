# expect: refused
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook(GOOD).replace(b"{", b"\xc1\xbb", 1)
