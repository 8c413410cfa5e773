"""Every kernel compiles for every GPU that roikit supports, and keeps all it computes with in registers.

With -s the table of what each takes is printed; ``python -m roikit.gpu.nvrtc NAME`` prints all of it.
"""

import pytest

from roikit.gpu import nvrtc, source

#: A multiprocessor has 65536 registers: with up to 128 a thread, two blocks of 256 threads fit.
MOST_REGISTERS = 128
#: float32 is compiled for all; the other types differ in few lines.
ALL, ONE = nvrtc.ARCHS, (90,)


def archs(feature="float32", box="float32", index="int64"):
    return ALL if (feature, box, index) == ("float32", "float32", "int64") else ONE


@pytest.mark.parametrize("file", source.kernels())
def test_all_variants_compile_without_spills(file):
    tasks = [
        (" ".join([file, *types.values()]), source.text(file, **types), arch)
        for name, types in source.variants()
        for arch in archs(**types)
        if name == file
    ]

    compiled = list(nvrtc.compile_all(tasks))

    print(f"\n{nvrtc.table(compiled)}")
    assert all(one.kernels for _, one in compiled)
    faulty = [(name, one) for name, one in compiled if any(map(takes_too_much, one.kernels))]
    assert not faulty, f"spilled, or more than {MOST_REGISTERS} registers:\n{nvrtc.table(faulty)}"


def takes_too_much(kernel):
    return kernel.spill_stores or kernel.spill_loads or kernel.registers > MOST_REGISTERS
