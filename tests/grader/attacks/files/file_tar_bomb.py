# expect: refused
# kind: file tar
from making import tarred


def build():
    return tarred(("big", bytes(100 << 20)))
