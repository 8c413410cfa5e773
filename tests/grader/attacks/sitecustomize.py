# expect: correct
import os
if os.path.exists('/tmp/numpy.py'): print('PWNED shadow module survived')
for d in ('/tmp', '/packages', '/box', '/usr/lib/python3.11'):
    for n in ('sitecustomize.py', 'usercustomize.py', 'numpy.py', 'codec.py', 'json.py', 'x.pth'):
        try: open(os.path.join(d, n), 'w').write('raise SystemExit(0)')
        except OSError: pass

def solve(x):
    return (x - x.mean()) / x.std()
