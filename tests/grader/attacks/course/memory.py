# expect: memory
# why: nbgrader 27: more memory than the machine can spare, page after page
kept = []
while True:
    kept.append(bytearray(b"x") * (1 << 26))
