# expect: correct
# why: the interpreter's and NumPy's own files, which are the machine's
import mmap, os, numpy
for path in (os.__file__, numpy.__file__, '/usr/lib/os-release', '/etc/ld.so.cache', '/dev/null/x', '/proc/self/exe'):
    for flags in (os.O_RDWR, os.O_WRONLY | os.O_TRUNC, os.O_WRONLY | os.O_APPEND):
        try: os.close(os.open(path, flags)); print('PWNED', path)
        except OSError: pass
    for f in (lambda: os.chmod(path, 0o777), lambda: os.utime(path), lambda: os.rename(path, path + '.old'), lambda: os.unlink(path),
              lambda: os.setxattr(path, 'user.a', b'1'), lambda: os.link(path, '/tmp/link')):
        try: f(); print('PWNED', path)
        except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
