# expect: correct
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("toy.py", GOOD))
