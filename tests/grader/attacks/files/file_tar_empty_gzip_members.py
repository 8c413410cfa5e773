# expect: refused
# kind: file tar
import gzip

from making import GOOD, tarred


def build():
    return gzip.compress(b"") * 200_000 + tarred(("toy.py", GOOD))
