# expect: correct|crashed
# why: a filter under which no process can end itself
import ctypes, os, struct
def solve(x):
    libc = ctypes.CDLL(None, use_errno=True)
    end, group_end = (60, 231) if os.uname().machine == 'x86_64' else (93, 94)
    steps = [(0x20, 0, 0, 0), (0x15, 1, 0, end), (0x15, 0, 1, group_end), (0x06, 0, 0, 0x50000), (0x06, 0, 0, 0x7fff0000)]
    code = b''.join(struct.pack('<HBBI', *s) for s in steps)
    class Program(ctypes.Structure): _fields_ = [('n', ctypes.c_ushort), ('p', ctypes.c_char_p)]
    libc.prctl(22, 2, ctypes.byref(Program(len(steps), code)), 0, 0)
    return (x - x.mean()) / x.std()
