# expect: refused
# kind: class zip
from making import GOOD, zipped


def build():
    return zipped(("eve/toy/toy.ipynb", bytes(100 << 20)), ("zoe/toy/toy.py", GOOD))
