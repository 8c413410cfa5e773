# expect: output_limit|memory
# why: empty files cost kernel memory outside the tmpfs size
import os, time
def solve(x):
    os.mkdir('d')
    for n in range(10000):
        os.close(os.open(f'd/{n}', os.O_CREAT))
    time.sleep(1)
    return (x - x.mean()) / x.std()
