# expect: refused
# kind: file zip
# why: one archive is looked into, no more
from making import GOOD, zipped


def build():
    return zipped(("toy.zip", zipped(("toy.py", GOOD))))
