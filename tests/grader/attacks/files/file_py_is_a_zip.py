# expect: refused
# kind: file py
# why: Python would run it
from making import GOOD, zipped


def build():
    return zipped(("__main__.py", GOOD))
