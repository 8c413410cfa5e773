# expect: refused
# kind: file tar
# why: the classic way out, for those who extract: a name that is a file and a folder
import tarfile

from making import GOOD, member, tarred


def build():
    link = member("a", tarfile.SYMTYPE, linkname="/tmp")
    return tarred((link, ""), ("a/owned.txt", "x"), ("toy.py", GOOD))
