# expect: refused
# kind: file tar
from making import tarred


def build():
    return tarred(("toy.ipynb", bytes(60 << 20)), mode="w:xz")
