# expect: refused
# kind: file zip
# why: 400 entries that share one body of 19 MB
import struct

from making import zipped


def build():
    made = zipped(("a.bin", bytes(19 << 20)))
    at, end = made.rfind(b"PK\x01\x02"), made.rfind(b"PK\x05\x06")
    many = b"".join(made[at:end][:46] + b"%05d" % k for k in range(400))
    return made[:at] + many + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 400, 400, len(many), at, 0)
