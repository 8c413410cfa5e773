// A bit for each lane; from thread 32 on there is none.
// launch: grid 1 block 64 shared 0
// args: out=empty(64,u4)
// expect: undefined line 7
// says: shifting 1 by 32
extern "C" __global__ void lane_bits(unsigned* out) {
    out[threadIdx.x] = 1u << threadIdx.x;
}
