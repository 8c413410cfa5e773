# expect: error
import socket
def solve(x):
    print(socket.getaddrinfo('example.com', 80)); print('PWNED')
    return x
