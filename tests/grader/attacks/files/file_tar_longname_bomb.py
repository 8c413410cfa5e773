# expect: refused
# kind: file tar
# why: a name of 100 MB
import gzip

from making import END, header


def build():
    name = b"A" * (60 << 20)
    return gzip.compress(header(b"././@LongLink", b"L", b"%011o\0" % len(name), name) + header(b"toy.py") + END)
