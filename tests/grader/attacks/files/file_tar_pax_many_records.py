# expect: refused
# kind: file tar
# why: 6 million records in 32 MB
import gzip

from making import END, header


def build():
    record = b"5 a=\n" * 13_000
    one = header(b"x", b"x", b"%011o\0" % len(record), record)
    return gzip.compress(one * 500 + header(b"toy.py") + END)
