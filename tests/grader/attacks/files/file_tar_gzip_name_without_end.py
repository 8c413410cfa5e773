# expect: refused
# kind: file tar
# why: a file name of 45 MB in the header


def build():
    return b"\x1f\x8b\x08\x08" + bytes(6) + b"A" * (45 << 20)
