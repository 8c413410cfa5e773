# expect: correct|timeout|memory
# kind: file ipynb
# why: half a million statements, all of them experiments
from making import GOOD, notebook


def build():
    return notebook(GOOD, "x\n" * 500_000)
