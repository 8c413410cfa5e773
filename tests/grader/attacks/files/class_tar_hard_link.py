# expect: internal_error
# kind: class tar
# why: tar writes this for files that are the same on disk
import tarfile

from making import GOOD, member, tarred


def build():
    link = member("eve/toy/toy.py", tarfile.LNKTYPE, linkname="zoe/toy/toy.py")
    return tarred(("zoe/toy/toy.py", GOOD), (link, ""))
