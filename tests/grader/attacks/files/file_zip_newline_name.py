# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("to\ny.py", GOOD))
