# expect: wrong|error
class T(tuple):
    def __iter__(self):
        while True: yield self
    def __len__(self): return 0
def solve(x):
    return T((1, 2, 3))
