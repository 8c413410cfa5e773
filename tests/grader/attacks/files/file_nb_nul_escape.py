# expect: refused
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook(GOOD, "s = 7777").replace(b"7777", rb"\u0000")
