# expect: refused
# kind: file zip
# why: one name on some file systems, two on others
from making import GOOD, zipped


def build():
    return zipped(("toy\u00e9.py", GOOD), ("toye\u0301.py", "x = 1"))
