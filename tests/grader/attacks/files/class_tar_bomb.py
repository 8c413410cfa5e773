# expect: refused
# kind: class tar
from making import GOOD, tarred


def build():
    return tarred(("eve/toy/toy.ipynb", bytes(100 << 20)), ("zoe/toy/toy.py", GOOD))
