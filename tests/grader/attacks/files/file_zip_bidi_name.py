# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("toy\u202eyp.py", GOOD))
