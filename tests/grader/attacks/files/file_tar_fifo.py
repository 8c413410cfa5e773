# expect: refused
# kind: file tar
import tarfile

from making import member, tarred


def build():
    return tarred((member("toy.py", tarfile.FIFOTYPE), ""))
