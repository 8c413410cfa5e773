# expect: correct
import ctypes, glob, os
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
for k in range(200):
    if libc.shmat(k, None, 0o10000) not in (None, ctypes.c_void_p(-1).value): print('PWNED segment', k)
for folder in ('/dev/shm', '/dev/mqueue', '/run/shm', '/var/tmp', '/run/user'):
    try: found = os.listdir(folder)
    except OSError: continue
    if found: print('PWNED', folder, found)
for name in ('shm', 'sem', 'msg'):
    try:
        if len(list(open(f'/proc/sysvipc/{name}'))) > 1: print('PWNED', name)
    except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
