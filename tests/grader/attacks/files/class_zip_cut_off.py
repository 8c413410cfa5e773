# expect: whole
# kind: class zip
from making import GOOD, zipped


def build():
    return zipped(("zoe/toy/toy.py", GOOD))[:-10]
