# expect: correct
# why: what is open beside its own pipe
import fcntl, os, stat, sys
f = sys._getframe()
while 'pipe' not in f.f_locals: f = f.f_back
for fd in range(3, 1024):
    try: mode = os.fstat(fd).st_mode
    except OSError: continue
    if fd != f.f_locals['pipe'] and not stat.S_ISDIR(mode): print('PWNED', fd, oct(mode))
try: os.read(f.f_locals['pipe'], 0); print('PWNED it can be read')
except OSError: pass

def solve(x):
    return (x - x.mean()) / x.std()
