# expect: internal_error
# kind: class zip
from making import GOOD, zipped


def build():
    return zipped(("eve/toy/toy.py", GOOD), ("eve/toy/toy.py", "x = 1"), ("zoe/toy/toy.py", GOOD))
