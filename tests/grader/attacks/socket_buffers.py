# expect: error
# why: memory in socket buffers is in no process
import socket
def solve(x):
    kept = [socket.socketpair() for _ in range(50)]
    for a, b in kept:
        a.setblocking(False); a.send(bytes(150_000))
    return x
