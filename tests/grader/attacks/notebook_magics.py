# expect: error
# why: what a naive notebook export gives
%matplotlib inline
!rm -rf /
def solve(x):
    return (x - x.mean()) / x.std()
