# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("a/toy.py", GOOD), ("b/toy.py", "x = 1"))
