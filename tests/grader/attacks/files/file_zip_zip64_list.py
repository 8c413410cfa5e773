# expect: refused
# kind: file zip
# why: the short end says 46 bytes, the long one 40 MB
import struct


def build():
    pad = bytes(40 << 20)
    end64 = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(pad), 0)
    where = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(pad), 1)
    return pad + end64 + where + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 46, 0xFFFFFFFF, 0)
