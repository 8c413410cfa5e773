"""What a warp's accesses cost, by hand: sectors of 32 bytes, lines of 128, turns of the 32 shared banks."""

from __future__ import annotations

import numpy as np
import pytest

from roikit import simt
from roikit.simt import traffic


def rows(code, arguments, *, grid=1, block=32, shared_mem=0):
    """The traffic of a kernel called k, with the line of each row."""
    kernel = simt.RawKernel('extern "C" __global__ void k' + code, "k", mode="check")
    return kernel((grid,), (block,), arguments, shared_mem=shared_mem).traffic


def read_of(found):
    (row,) = [row for row in found if row.space == "global" and row.kind == "read"]
    return row


def shared_read_of(found):
    (row,) = [row for row in found if row.space == "shared" and row.kind == "read"]
    return row


def global_read(index, count=4096, dtype=np.float32, element="float"):
    """32 lanes read x[index], with the lane's number in t."""
    code = f"(const {element}* x, {element}* out) {{ int t = threadIdx.x; out[t] = x[{index}]; }}"
    return read_of(rows(code, (np.zeros(count, dtype), np.zeros(4096, dtype))))


def shared_read(index, dtype=np.float32, element="float"):
    """32 lanes read cells[index] of 8 KiB of shared memory that all of them have filled."""
    code = f"""({element}* out) {{
        extern __shared__ {element} cells[];
        int t = threadIdx.x;
        for (int i = t; i < 8192 / sizeof({element}); i += 32) cells[i] = {{}};
        __syncthreads();
        out[t] = cells[{index}];
    }}"""
    out = np.zeros(32 * 4, dtype)
    return shared_read_of(rows(code, (out,), shared_mem=8192))


class TestGlobal:
    def test_neighbouring_floats_share_one_line(self):
        row = global_read("t")
        assert (row.requests, row.lanes, row.sectors, row.lines) == (1, 32, 4, 1)
        assert (row.size, row.wavefronts) == (4, 0)

    def test_a_shift_by_one_float_takes_a_fifth_sector_in_a_second_line(self):
        row = global_read("t + 1")
        assert (row.sectors, row.lines) == (5, 2)

    @pytest.mark.parametrize(
        ("stride", "sectors", "lines"), [(2, 8, 2), (4, 16, 4), (8, 32, 8), (32, 32, 32), (64, 32, 32)]
    )
    def test_a_stride_spreads_the_warp(self, stride, sectors, lines):
        row = global_read(f"t * {stride}")
        assert (row.requests, row.sectors, row.lines) == (1, sectors, lines)

    def test_one_address_for_all_is_one_sector(self):
        row = global_read("7")
        assert (row.requests, row.lanes, row.sectors, row.lines) == (1, 32, 1, 1)

    def test_the_order_of_lanes_does_not_matter(self):
        row = global_read("31 - t")
        assert (row.sectors, row.lines) == (4, 1)

    def test_bytes_need_one_sector_and_doubles_eight(self):
        assert global_read("t", dtype=np.uint8, element="unsigned char").sectors == 1
        wide = global_read("t", dtype=np.float64, element="double")
        assert (wide.size, wide.sectors, wide.lines) == (8, 8, 2)

    def test_four_floats_a_lane_are_one_request(self):
        code = "(const float4* x, float4* out) { out[threadIdx.x] = x[threadIdx.x]; }"
        found = rows(code, (np.zeros(128, np.float32), np.zeros(128, np.float32)))
        for row in found:
            assert (row.size, row.requests, row.sectors, row.lines) == (16, 1, 16, 4)
        assert [row.kind for row in found] == ["read", "write"]

    def test_a_branch_makes_a_request_of_fewer_lanes(self):
        code = "(const float* x, float* out) { if (threadIdx.x < 8) out[threadIdx.x] = x[threadIdx.x]; }"
        row = read_of(rows(code, (np.zeros(32, np.float32), np.zeros(32, np.float32))))
        assert (row.requests, row.lanes, row.sectors) == (1, 8, 1)

    def test_a_loop_is_a_request_each_time_round(self):
        code = """(const float* x, float* out) {
            float sum = 0;
            for (int i = 0; i < 10; i++) sum += x[32 * i + threadIdx.x];
            out[threadIdx.x] = sum;
        }"""
        row = read_of(rows(code, (np.zeros(320, np.float32), np.zeros(32, np.float32))))
        assert (row.requests, row.lanes, row.sectors, row.lines) == (10, 320, 40, 10)

    def test_each_warp_and_each_block_asks_for_itself(self):
        code = "(float* out) { out[blockIdx.x * 64 + threadIdx.x] = 1; }"
        (row,) = rows(code, (np.zeros(192, np.float32),), grid=3, block=64)
        assert (row.kind, row.requests, row.lanes, row.sectors, row.lines) == ("write", 6, 192, 24, 6)

    def test_an_atomic_is_its_own_kind(self):
        code = "(int* out) { atomicAdd(&out[threadIdx.x / 16], 1); }"
        (row,) = rows(code, (np.zeros(2, np.int32),))
        assert (row.kind, row.requests, row.lanes, row.sectors) == ("atomic", 1, 32, 1)


class TestShared:
    def test_neighbours_take_one_turn(self):
        row = shared_read("t")
        assert (row.requests, row.lanes, row.wavefronts) == (1, 32, 1)
        assert (row.sectors, row.lines) == (0, 0)

    @pytest.mark.parametrize(("stride", "turns"), [(2, 2), (3, 1), (4, 4), (16, 16), (32, 32), (33, 1)])
    def test_a_stride_meets_in_as_many_banks_as_it_shares_with_32(self, stride, turns):
        assert shared_read(f"t * {stride}").wavefronts == turns

    def test_one_word_is_given_to_all_lanes_at_once(self):
        assert shared_read("5").wavefronts == 1
        assert shared_read("t / 2").wavefronts == 1

    def test_eight_bytes_a_lane_take_two_turns_and_sixteen_take_four(self):
        assert shared_read("t", np.float64, "double").wavefronts == 2
        assert shared_read("t", element="float4").wavefronts == 4

    def test_bytes_of_one_word_do_not_conflict(self):
        assert shared_read("t", np.uint8, "unsigned char").wavefronts == 1

    def test_atomics_on_one_word_wait_for_each_other(self):
        code = """(int* out) {
            __shared__ int total;
            if (threadIdx.x == 0) total = 0;
            __syncthreads();
            atomicAdd(&total, 1);
            __syncthreads();
            if (threadIdx.x == 0) out[0] = total;
        }"""
        (row,) = [row for row in rows(code, (np.zeros(1, np.int32),)) if row.kind == "atomic"]
        assert (row.requests, row.wavefronts) == (1, 32)


class TestTheScore:
    CODE = "(const float* x, float* out, int stride)\n{\nint t = threadIdx.x;\nout[t] =\nx[t * stride];\n}"

    def found(self, stride):
        return rows(self.CODE, (np.zeros(2048, np.float32), np.zeros(32, np.float32), np.int32(stride)))

    def test_rows_name_their_lines(self):
        assert [(row.line, row.kind) for row in self.found(1)] == [(4, "write"), (5, "read")]

    def test_it_is_the_same_in_each_run_and_counts_what_is_slow(self):
        assert traffic.cycles(self.found(1)) == traffic.cycles(self.found(1)) == 2
        assert traffic.cycles(self.found(32)) == 33

    def test_a_table_by_line(self):
        assert traffic.table(self.found(2)).splitlines() == [
            "line   space   kind  bytes  requests  lanes  sectors  lines  wavefronts",
            "   4  global  write      4         1     32        4      1            ",
            "   5  global   read      4         1     32        8      2            ",
        ]

    def test_a_large_grid_is_sampled_and_the_report_says_so(self):
        code = "(float* out) { if (threadIdx.x == 0) out[blockIdx.x] = 1; }"
        kernel = simt.RawKernel('extern "C" __global__ void k' + code, "k", mode="check")
        report = kernel((1000,), (32,), (np.zeros(1000, np.float32),))
        (row,) = report.traffic
        assert 55 <= row.requests <= 75
        assert f"traffic was counted in {row.requests} of 1000 blocks" in report.notes
