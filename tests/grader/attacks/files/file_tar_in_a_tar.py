# expect: refused
# kind: file tar
from making import GOOD, tarred


def build():
    return tarred(("toy.tar", tarred(("toy.py", GOOD), mode="w")))
