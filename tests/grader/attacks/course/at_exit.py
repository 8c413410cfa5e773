# expect: wrong|crashed
# why: a second reply, from a destructor, an exit handler and a finalizer
import atexit
import os
import weakref

class Second:
    def __del__(self):
        for fd in range(3, 64):
            try:
                os.write(fd, b"r" + (8).to_bytes(8, "little") + b"\4\0\0\0null")
            except OSError:
                pass

kept = Second()
atexit.register(kept.__del__)
weakref.finalize(Second, kept.__del__)

def answer(*args):
    global kept
    del kept
