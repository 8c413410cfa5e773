# expect: whole
# kind: class tar
# why: who came after the end is not known, so nobody is graded
import random

from making import GOOD, tarred


def build():
    return tarred(("zoe/toy/toy.py", GOOD), ("noise", random.Random(1).randbytes(5000)))[:-2000]
