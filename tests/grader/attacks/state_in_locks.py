# expect: correct
# why: a lock on a file of the machine, held by a process that stays
import fcntl, os, sys
files = [f'{folder}/{name}.py' for folder in sys.path for name in sorted(sys.stdlib_module_names)]
files = [path for path in files if os.path.exists(path)]
file = open(files[os.stat('.').st_dev * 7919 % len(files)])  # another sandbox takes another one
try: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
except PermissionError: pass
except OSError: print('PWNED state in a lock')
def solve(x):
    if os.fork() == 0:
        os.setsid(); os.read(os.pipe()[0], 1)
    return (x - x.mean()) / x.std()
