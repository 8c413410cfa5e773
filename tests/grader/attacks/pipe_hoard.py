# expect: correct|error|memory
# why: memory in pipes belongs to no process, but the user's pipes have a limit
import fcntl, os
def solve(x):
    kept = []
    try:
        while len(kept) < 55:
            r, w = os.pipe(); kept.append((r, w)); os.set_blocking(w, False)
            try: fcntl.fcntl(w, 1031, 1 << 20)
            except OSError: pass
            try:
                while True: os.write(w, bytes(1 << 16))
            except BlockingIOError: pass
    except OSError: pass
    return (x - x.mean()) / x.std()
