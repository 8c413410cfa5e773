# expect: refused
# kind: class zip
import stat

from making import GOOD, entry, zipped


def build():
    return zipped(("zoe/toy/toy.py", GOOD), (entry("eve/toy/toy.py", stat.S_IFLNK), "../../zoe/toy/toy.py"))
