# expect: crashed
# why: nodes that no encoder makes
import json, os, struct, sys
trees = [b'{"a": 1}', b'{"a": -1}', b'{"a": true}', b'{"f": "1e999999999"}', b'{"i": "0x' + b'f' * 3000 + b'"}', b'{"d": [[{"l": []}, 1]]}',
         b'{"s": 0}', b'[1]', b'1.5', b'1' * 18, b'NaN', b'{"l": ' * 40 + b'[]' + b'}' * 40, b'{"__class__": "x"}', b'\xff']
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    for tree in trees[len(x) % 2::2][:1] if len(x) < 51 else trees[-1:]:
        body = struct.pack('<II', len(tree), 0) + tree
        os.write(pipe, reply({'status': 'returned', 'phase': 'return', 'changed': []}, body))
    os._exit(0)
