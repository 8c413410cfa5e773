# expect: correct
# kind: file zip
# why: a path of 20 000 folders, beside the submission
from making import GOOD, zipped


def build():
    return zipped(("a/" * 20_000 + "x.txt", "x"), ("toy.py", GOOD))
