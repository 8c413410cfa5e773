# expect: timeout
class E(Exception):
    def __str__(self):
        while True: pass
def solve(x):
    raise E()
