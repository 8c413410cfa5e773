# expect: refused
# kind: file tar
import gzip

from making import END, header


def build():
    one = header(b"PaxHeader", b"x", b"%011o\0" % 10, b"10 a=bcde\n")
    return gzip.compress(one * 30_000 + END)
