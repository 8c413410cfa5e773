# expect: correct
# kind: file ipynb
from making import GOOD, notebook


def build():
    return b"\xef\xbb\xbf" + notebook(GOOD)
