# expect: refused
# kind: file zip
from making import GOOD, entry, zipped


def build():
    return zipped(("toy.py", GOOD), (entry("..\\..\\owned.py"), "x"))
