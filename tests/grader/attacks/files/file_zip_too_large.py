# expect: refused
# kind: file zip
import random

from making import GOOD, zipped


def build():
    return zipped(("toy.py", GOOD), ("noise", random.Random(1).randbytes(101 << 20)), method=0)
