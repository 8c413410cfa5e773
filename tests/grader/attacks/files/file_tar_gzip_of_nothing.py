# expect: refused
# kind: file tar
import gzip


def build():
    return gzip.compress(b"")
