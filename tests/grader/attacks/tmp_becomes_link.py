# expect: correct
# why: the folder that is emptied is replaced, linked, or full of links to elsewhere
import os
for f in (lambda: os.rmdir('/tmp'), lambda: os.rename('/tmp', '/tmq'), lambda: os.symlink('/usr', '/tmp/usr'),
          lambda: os.symlink('/', '/tmp/root'), lambda: os.link('/usr/lib/os-release', '/tmp/hard'), lambda: os.mkfifo('/tmp/fifo'),
          lambda: os.mknod('/tmp/null', 0o20666, 0x103), lambda: os.chmod('/tmp', 0)):
    try: f()
    except OSError as e: print(e)
def solve(x):
    return (x - x.mean()) / x.std()

