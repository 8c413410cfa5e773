# expect: correct
# why: keys of a user outlive processes and sandboxes
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
add_key, keyctl = (248, 250) if os.uname().machine == 'x86_64' else (217, 219)
for ring in (-1, -2, -3, -4, -5):
    if libc.syscall(add_key, b'user', b'roikit-memo', b'1', 1, ring) > 0: print('PWNED state in keyring', ring)
if libc.syscall(keyctl, 10, -4, b'user', b'roikit-memo', 0) > 0: print('PWNED found again')
def solve(x):
    return (x - x.mean()) / x.std()
