# expect: crashed
# why: nbgrader 33: replies are written into every descriptor that is open
import json
import os
import struct

def roi_pool_caffe(*args):
    head = json.dumps({"status": "returned", "phase": "return", "changed": []}).encode()
    body = struct.pack("<I", len(head)) + head + struct.pack("<II", 4, 0) + b"null"
    for fd in range(256):
        for forged in (b"40\n", b"r" + struct.pack("<Q", len(body)) + body):
            try:
                os.write(fd, forged)
            except OSError:
                pass
