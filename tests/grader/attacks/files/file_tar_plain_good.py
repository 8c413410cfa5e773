# expect: correct
# kind: file tar
from making import GOOD, tarred


def build():
    return tarred(("work/toy.py", GOOD), mode="w")
