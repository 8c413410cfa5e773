# expect: correct
# kind: file ipynb
# why: the format allows it
from making import GOOD, code, notebook


def build():
    return notebook(code(list(GOOD)))
