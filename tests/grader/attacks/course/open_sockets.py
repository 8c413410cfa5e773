# expect: error
# why: nbgrader 21: the inputs are sent out and the answer is asked for
import socket

def quantize_roi(*args):
    for address in (("127.0.0.1", 8888), ("127.0.0.1", 22), ("10.0.0.1", 80), ("1.1.1.1", 53)):
        try:
            with socket.create_connection(address, timeout=0.2) as to:
                to.sendall(repr(args).encode())
                return eval(to.recv(100_000))
        except OSError:
            pass
    raise ConnectionError("nobody there")
