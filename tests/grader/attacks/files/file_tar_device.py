# expect: refused
# kind: file tar
# why: /dev/zero
import tarfile

from making import member, tarred


def build():
    return tarred((member("toy.py", tarfile.CHRTYPE, devmajor=1, devminor=5), ""))
