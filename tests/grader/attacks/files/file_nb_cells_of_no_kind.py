# expect: correct
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    return notebook(code(GOOD), *[None, 1, 1.5, True, [], [[]]])
