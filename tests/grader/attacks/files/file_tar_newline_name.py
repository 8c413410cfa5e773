# expect: refused
# kind: file tar
from making import GOOD, tarred


def build():
    return tarred(("to\ny.py", GOOD))
