# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("__MACOSX/toy.py", GOOD), (".hidden/toy.py", GOOD), ("notes.txt", "x"))
