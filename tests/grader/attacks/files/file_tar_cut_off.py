# expect: refused
# kind: file tar
from making import GOOD, tarred


def build():
    return tarred(("toy.py", GOOD), ("b.txt", "x" * 5000), mode="w")[:3000]
