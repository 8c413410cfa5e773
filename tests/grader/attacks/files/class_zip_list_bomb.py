# expect: whole
# kind: class zip
# why: half a million entries
import struct


def build():
    rows = (b"PK\x01\x02" + bytes(42)) * 500_000
    return rows + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(rows), 0, 0)
