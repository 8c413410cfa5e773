# expect: wrong|error
# why: the hash seed of the sandbox is known; the grader's is another
def solve(x):
    words = sorted({chr(65 + a) + chr(65 + b) + str(c) for a in range(26) for b in range(26) for c in range(9)}, key=lambda w: hash(w) % 256)
    return dict.fromkeys(words[:4900], 1.5)
