# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("toy.py", GOOD), ("TOY.py", "x = 1"))
