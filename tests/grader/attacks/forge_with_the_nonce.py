# expect: crashed
# why: the whole frame of the worker, with the nonce out of its frames, into every descriptor
import json, os, struct, sys
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f, seen = sys._getframe(), {}
    while f: seen.update(f.f_locals); f = f.f_back
    child = reply({'status': 'returned', 'phase': 'return', 'changed': []}, struct.pack('<II', 4, 0) + b'true')
    head = json.dumps({'why': 'reply', 'phase': 'call', 'seconds': 0.5, 'cpu': 0.5, 'signal': 0, 'exit': 0, 'dirty': False}).encode()
    body = struct.pack('<I', len(head)) + head + child[9:]
    frame = struct.pack('<4sc16sQ', b'ROI1', b'R', seen.get('nonce', bytes(16)), len(body)) + body
    for fd in range(255, 2, -1):
        try: os.write(fd, frame)
        except OSError: pass
    os._exit(0)
