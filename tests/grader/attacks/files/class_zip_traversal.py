# expect: refused
# kind: class zip
from making import GOOD, entry, zipped


def build():
    return zipped(("zoe/toy/toy.py", GOOD), (entry("../../owned.py"), GOOD), (entry("/root/x.py"), GOOD), (entry("eve/toy/../../../x.py"), GOOD))
