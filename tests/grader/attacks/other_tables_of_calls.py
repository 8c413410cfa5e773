# expect: crashed|error|correct
# why: the numbers of x32 and of 32-bit x86, which the filter does not list
import ctypes, mmap, os
if os.uname().machine == 'x86_64':
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(0x40000000 | 41, 2, 1, 0) >= 0: print('PWNED x32')
def solve(x):
    if os.uname().machine == 'x86_64':
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(bytes.fromhex('b814000000cd80c3'))  # mov eax, 20 (getpid for i386); int 0x80; ret
        at = ctypes.addressof(ctypes.c_char.from_buffer(code))
        print('PWNED i386', ctypes.CFUNCTYPE(ctypes.c_int)(at)())
    return (x - x.mean()) / x.std()
