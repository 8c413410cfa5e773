# expect: correct
# why: a name that would mislead whoever reads /proc/PID/stat up to the first bracket
import ctypes, os, signal
libc = ctypes.CDLL(None)
name = ctypes.create_string_buffer(16); libc.prctl(16, name, 0, 0, 0)
if name.value == b') R 1 1 (': print('PWNED name')
if os.umask(0o22) == 0o777: print('PWNED umask')
if signal.pthread_sigmask(signal.SIG_BLOCK, []): print('PWNED mask')
def solve(x):
    libc.prctl(15, b') R 1 1 (', 0, 0, 0); os.umask(0o777); signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    if os.fork() == 0:
        if os.fork() == 0:
            signal.pause()
        os._exit(0)
    os.wait()
    return (x - x.mean()) / x.std()
