# expect: error
# why: terminal, page and spreadsheet in one sentence
import json, os, struct, sys
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    text = '\x1b[2J\x1b]8;;file:///etc\x07\u202e\u2066\ud800 <script>alert(1)</script>\r\n=cmd|A1 ' + 'A' * 20000
    os.write(pipe, reply({'status': 'error', 'phase': 'call', 'sentence': text, 'traceback': text}))
    os._exit(0)
