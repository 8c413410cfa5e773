# expect: refused
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook("s = 7777", GOOD).replace(b"7777", rb"'\ud800'", 1)
