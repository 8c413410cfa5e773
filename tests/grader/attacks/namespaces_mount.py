# expect: correct
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for name, r in (('unshare user', libc.unshare(0x10000000)), ('unshare mount', libc.unshare(0x20000)),
                ('unshare time', libc.unshare(0x80)), ('mount', libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)),
                ('umount', libc.umount2(b'/proc', 2)), ('chroot', libc.chroot(b'/tmp')),
                ('remount', libc.mount(b'none', b'/', None, 32, None)),
                ('setuid', libc.setuid(0)), ('setgid', libc.setgid(0)), ('setgroups', libc.setgroups(0, None))):
    if r == 0: print('PWNED', name)

def solve(x):
    return (x - x.mean()) / x.std()
