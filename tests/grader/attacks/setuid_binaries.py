# expect: correct
import ctypes, glob, os, stat
no_new_rights = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)
for folder in ('/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/libexec', '/usr/lib/openssh'):
    for path in glob.glob(folder + '/*'):
        try: found = os.stat(path)
        except OSError: continue
        if not stat.S_ISREG(found.st_mode) or not found.st_mode & 0o6000: continue
        if no_new_rights != 1 and not os.statvfs(path).f_flag & os.ST_NOSUID: print('PWNED', path)
def solve(x):
    return (x - x.mean()) / x.std()
