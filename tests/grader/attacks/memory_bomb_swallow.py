# expect: memory|timeout
# why: catches MemoryError and goes on
def solve(x):
    a = []
    while True:
        try: a.append(bytearray(10**6))
        except MemoryError: pass
