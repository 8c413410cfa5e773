# expect: error
# why: the filter refuses every socket(), so the file ends there
import socket, os
for p in ('/run/docker.sock', '/var/run/docker.sock', '/run/dbus/system_bus_socket', '/tmp/.X11-unix/X0', '\0/tmp/.X11-unix/X0', '\0/tmp/dbus-test'):
    s = socket.socket(socket.AF_UNIX)
    try: s.connect(p); print('PWNED', p)
    except OSError as e: print(p, e)

def solve(x):
    return (x - x.mean()) / x.std()
