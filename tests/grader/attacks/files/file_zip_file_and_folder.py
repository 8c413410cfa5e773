# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("toy.py", GOOD), ("toy.py/x.py", "x = 1"))
