# expect: refused
# kind: file zip
# why: 200 000 entries without a name, in a list of 9 MB
import struct


def build():
    rows = (b"PK\x01\x02" + bytes(24) + (0).to_bytes(2, "little") + bytes(16)) * 200_000
    return rows + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(rows), 0, 0)
