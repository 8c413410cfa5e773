# expect: refused
# kind: file zip
from making import zipped


def build():
    return zipped(("toy.ipynb", bytes(100 << 20)))
