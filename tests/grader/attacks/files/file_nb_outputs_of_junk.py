# expect: correct
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    return notebook(*[code(GOOD, outputs=one) for one in (None, 1, "x", {}, [[]], [{"output_type": {}}])])
