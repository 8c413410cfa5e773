# expect: correct
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("__MACOSX/._toy.py", b"\x00"), ("toy.py", GOOD), (".DS_Store", "x"), ("._toy.py", "x"))
