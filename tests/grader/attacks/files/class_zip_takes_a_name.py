# expect: refused
# kind: class zip
# why: a name that could be cleaned into another student's
from making import GOOD, zipped


def build():
    return zipped(("zoe/toy/toy.py", GOOD), ("zoe\n/toy/toy.py", "x = 1"), ("zoe\u202e/toy/toy.py", "x = 1"))
