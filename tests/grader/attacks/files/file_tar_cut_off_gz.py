# expect: refused
# kind: file tar
import random

from making import GOOD, tarred


def build():
    return tarred(("toy.py", GOOD), ("noise", random.Random(1).randbytes(5000)))[:-2000]
