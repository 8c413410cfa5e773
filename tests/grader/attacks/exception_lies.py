# expect: error|crashed
# why: attributes that whoever words the sentence will look at
class Lie(ModuleNotFoundError):
    name = 5
    path = property(lambda self: 1 / 0)
class Kind(NameError):
    name = []
def solve(x):
    raise (Lie if len(x) == 50 else Kind)('\x1b[31m')
