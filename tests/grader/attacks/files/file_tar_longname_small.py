# expect: correct
# kind: file tar
import tarfile

from making import GOOD, tarred


def build():
    return tarred(("n" * 90 + "/" + "m" * 90 + "/toy.py", GOOD), format=tarfile.GNU_FORMAT)
