# expect: memory
def solve(x):
    a = []
    while True: a.append(bytearray(10**6))
