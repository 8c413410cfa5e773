# expect: correct
if 'a' != '‮ ⁦b⁩ ⁦':
    print('‮DESSAP STSET LLA')
def solve(x):
    return (x - x.mean()) / x.std()
