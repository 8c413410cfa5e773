# expect: timeout
# why: nbgrader 25: never comes back, and takes no hint
import signal
import time

for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass
while True:
    try:
        time.sleep(100)
    except BaseException:
        pass
