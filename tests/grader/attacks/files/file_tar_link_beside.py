# expect: correct
# kind: file tar
# why: nothing is extracted, so it leads nowhere
import tarfile

from making import GOOD, member, tarred


def build():
    return tarred((member("data", tarfile.SYMTYPE, linkname="/etc"), ""), ("toy.py", GOOD))
