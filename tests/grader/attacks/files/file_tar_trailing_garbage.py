# expect: refused
# kind: file tar
from making import GOOD, tarred


def build():
    return tarred(("toy.py", GOOD)) + b"garbage" * 1000
