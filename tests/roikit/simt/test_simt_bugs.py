"""Mistakes that students make: each is named, with its line."""

from __future__ import annotations

import numpy as np
import pytest
import simt_corpus

from roikit import simt

BUGS = simt_corpus.examples("bugs")


def test_the_corpus_is_there():
    assert len(BUGS) >= 34


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.path.stem)
def test_a_bug_is_named_with_its_line(bug):
    with pytest.raises(simt.KernelFault) as fault:
        bug.launch("check")
    named = [finding for finding in fault.value.findings if finding.kind == bug.kind]
    assert bug.lines in [lines_of(finding, len(bug.lines)) for finding in named], str(fault.value)
    sentences = "\n".join(finding.sentence for finding in named)
    assert all(words in sentences for words in bug.says), sentences


def lines_of(finding, count):
    """The finding's line, and with it that of the second access where the corpus names two."""
    both = (finding.line, finding.other.line if finding.other else 0)
    return both[:count]


@pytest.mark.parametrize("order", ["reverse", "random:1", "random:2"])
@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.kind == "race"], ids=lambda bug: bug.path.stem)
def test_a_race_is_found_whatever_thread_comes_first(bug, order):
    with pytest.raises(simt.KernelFault) as fault:
        bug.launch("check", order)
    named = [finding for finding in fault.value.findings if finding.kind == "race"]
    assert bug.lines in [lines_of(finding, len(bug.lines)) for finding in named], str(fault.value)


def check(body, *arguments, grid=1, block=64):
    """A kernel of the arrays x (const) and out, with the body in line 2."""
    code = f'extern "C" __global__ void k(const float* x, float* out) {{\n{body}\n}}'
    return simt.RawKernel(code, "k", mode="check")((grid,), (block,), arguments)


def floats(*shape):
    return np.ones(shape, np.float32)


class TestWhatIsSaid:
    def test_a_race_names_both_accesses(self):
        code = """extern "C" __global__ void k(const float* x, float* out) {
            __shared__ float s[64];
            s[threadIdx.x] = x[threadIdx.x];
            out[threadIdx.x] = s[threadIdx.x ^ 32];
        }"""
        with pytest.raises(simt.KernelFault) as fault:
            simt.RawKernel(code, "k", mode="check")(
                (1,), (64,), (np.arange(64, dtype=np.float32), floats(64))
            )
        (finding,) = fault.value.findings
        assert finding.sentence == (
            "kernel.cu:3: race on __shared__ s: thread (32,0,0) of block (0,0,0) writes s[32] here, "
            "thread (0,0,0) reads it at line 4, and no __syncthreads() lies between"
        )
        assert (finding.kind, finding.file, finding.line, finding.array) == ("race", "kernel.cu", 3, "s")
        assert (finding.thread, finding.block) == ((32, 0, 0), (0, 0, 0))
        assert (finding.other.line, finding.other.thread) == (4, (0, 0, 0))

    def test_the_same_mistake_in_many_threads_is_one_finding(self):
        with pytest.raises(simt.KernelFault) as fault:
            check("out[threadIdx.x % 2] += x[threadIdx.x];", floats(64), floats(2))
        assert len(fault.value.findings) == 1

    def test_no_more_findings_than_anybody_reads(self):
        mistakes = "\n".join(f"out[{i}] += 1 / x[threadIdx.x];" for i in range(30))
        with pytest.raises(simt.KernelFault) as fault:
            check(mistakes, floats(64), floats(30))
        assert len(fault.value.findings) == 20

    def test_an_index_that_is_not_the_threads_own_is_no_missing_guard(self):
        with pytest.raises(simt.KernelFault, match=r"reads x\[64\], but x has 64 elements$"):
            check("out[threadIdx.x] = x[threadIdx.x + 1];", floats(64), floats(64))


class TestWhatIsOnlyNoted:
    def test_one_value_written_by_many(self):
        report = check("out[0] = 3;", floats(1), floats(1))
        assert report.findings == ()
        (note,) = report.notes
        assert "with the same value" in note

    def test_different_values_are_a_race(self):
        with pytest.raises(simt.KernelFault, match="race on out"):
            check("out[0] = threadIdx.x;", floats(1), floats(1))

    def test_a_read_before_compare_and_swap(self):
        (kernel,) = [kernel for kernel in simt_corpus.examples("correct") if "compare" in kernel.path.stem]
        report, _ = kernel.launch("check")
        (note,) = report.notes
        assert "usual before atomicCAS" in note
