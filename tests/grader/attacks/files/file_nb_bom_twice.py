# expect: refused
# kind: file ipynb
from making import GOOD, notebook


def build():
    return b"\xef\xbb\xbf" * 2 + notebook(GOOD)
