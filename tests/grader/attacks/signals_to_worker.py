# expect: correct
# why: every signal by every call; process 1 takes none from its children
import ctypes, os, signal
libc = ctypes.CDLL(None)
for number in range(1, 65):
    for f in (lambda: os.kill(1, number), lambda: os.kill(os.getppid(), number), lambda: signal.pidfd_send_signal(os.pidfd_open(1), number)):
        try: f()
        except OSError: pass
    libc.syscall(234 if os.uname().machine == 'x86_64' else 131, 1, 1, number)
def solve(x):
    return (x - x.mean()) / x.std()
