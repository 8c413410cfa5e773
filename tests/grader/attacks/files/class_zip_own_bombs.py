# expect: refused
# kind: class zip
# why: a student's bomb in the class's archive
from making import GOOD, zipped


def build():
    bomb = zipped(("toy.ipynb", bytes(100 << 20)))
    return zipped(("eve/toy/toy.zip", bomb), ("zoe/toy/toy.py", GOOD))
