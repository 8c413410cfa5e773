# expect: refused
# kind: file py
# why: a codec that makes no text


def build():
    return b"# coding: rot13\nqrs fpnyr(k, f): erghea k"
