# expect: correct
# kind: file tar
import tarfile

from making import GOOD, tarred


def build():
    return tarred(("toy.py", GOOD), mode="w:xz", format=tarfile.GNU_FORMAT)
