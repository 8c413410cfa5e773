# expect: refused
# kind: file tar
from making import GOOD, tarred


def build():
    return tarred(("toy.py", GOOD), ("Toy.PY", "x = 1"))
