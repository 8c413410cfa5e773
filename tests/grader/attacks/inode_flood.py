# expect: output_limit|memory
# why: empty files cost kernel memory outside the tmpfs size
import os, time
def solve(x):
    t = time.time(); n = 0
    os.mkdir('/tmp/d')
    try:
        while time.time() - t < 0.9:
            for _ in range(1000):
                os.close(os.open(f'/tmp/d/{n}', os.O_CREAT)); n += 1
    finally:
        print('inodes', n)
    return (x - x.mean()) / x.std()
