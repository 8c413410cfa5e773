# expect: crashed
# why: the worker's frame by one who does not know the question
import json, os, struct
def solve(x):
    head = json.dumps({'status': 'returned', 'phase': 'return', 'changed': []}).encode()
    child = struct.pack('<I', len(head)) + head + struct.pack('<II', 4, 0) + b'true'
    head = json.dumps({'why': 'reply', 'phase': 'call', 'seconds': 0.5, 'cpu': 0.5, 'signal': 0, 'exit': 0, 'dirty': False}).encode()
    body = struct.pack('<I', len(head)) + head + child
    frame = struct.pack('<4sc16sQ', b'ROI1', b'R', bytes(16), len(body)) + body
    for fd in range(255, 2, -1):
        try: os.write(fd, frame)
        except OSError: pass
    os._exit(0)
