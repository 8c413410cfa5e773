# expect: error|memory|timeout
def solve(x):
    i = 0
    while True:
        open(f'/dev/shm/f{i}', 'wb').write(bytes(8 << 20)); i += 1
