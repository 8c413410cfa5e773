# expect: correct
# kind: file tar
import tarfile

from making import GOOD, member, tarred


def build():
    folder = member("toy.py", tarfile.DIRTYPE)
    return tarred((folder, ""), ("toy.py/toy.py", GOOD))
