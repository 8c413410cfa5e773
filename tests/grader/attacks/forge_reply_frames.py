# expect: crashed|wrong|error
import os, struct, json
j = json.dumps({'status': 'returned', 'phase': 'return', 'changed': [], 'score': 100}).encode()
body = struct.pack('<II', 4, 0) + b'true'
child = b'r' + struct.pack('<QI', 4 + len(j) + len(body), len(j)) + j + body
parent = struct.pack('<4sc16sQ', b'ROI1', b'R', bytes(16), len(child)) + child
def solve(x):
    for fd in range(64):
        for b in (parent, child):
            try: os.write(fd, b)
            except OSError: pass
    return x
