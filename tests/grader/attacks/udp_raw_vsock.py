# expect: error
import socket
def solve(x):
    for fam, typ in ((2, 2), (2, 3), (10, 1), (16, 3), (17, 3), (38, 5), (40, 1)):
        try: socket.socket(fam, typ); print('PWNED family', fam)
        except OSError as e: print(fam, e)
    raise OSError('no socket')
