# expect: correct
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == 'x86_64'
doors = {'bpf': (321, 280), 'perf_event_open': (298, 241), 'userfaultfd': (323, 282), 'io_uring_setup': (425, 425), 'keyctl': (250, 219),
         'open_by_handle_at': (304, 265), 'kcmp': (312, 272), 'fanotify_init': (300, 262), 'pidfd_getfd': (438, 438), 'memfd_create': (319, 279),
         'memfd_secret': (447, 447), 'fsopen': (430, 430), 'open_tree': (428, 428), 'clone3': (435, 435), 'process_madvise': (440, 440), 'swapon': (167, 224)}
for name, row in doors.items():
    ctypes.set_errno(0)
    if libc.syscall(row[not x86], 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (1, 38): print('PWNED', name, ctypes.get_errno())
def solve(x):
    return (x - x.mean()) / x.std()
