# expect: correct
# kind: file ipynb
# why: newlines to some, none to Python
from making import GOOD, notebook


def build():
    return notebook(GOOD + "s = 'a\u2028b\u2029c\x85d\x0ce'\n")
