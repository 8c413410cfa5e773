# expect: crashed
import json, os, struct, sys
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    sentence, traceback = [({'a': 1}, ''), ('x', ['x']), (None, ''), (1 << 60, '')][len(x) % 4]
    os.write(pipe, reply({'status': 'error', 'phase': 'call', 'sentence': sentence, 'traceback': traceback}))
    os._exit(0)
