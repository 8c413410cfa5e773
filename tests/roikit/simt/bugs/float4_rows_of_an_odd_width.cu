// Rows of 30 floats: the second one begins at byte 120, which no float4 may.
// launch: grid 1 block 4,2 shared 0
// args: x=random(60,f4) out=empty(8,f4) W=i4(30)
// expect: misaligned line 8
// says: byte 120
extern "C" __global__ void first_sums(const float* x, float* out, int W) {
    const float* row = x + threadIdx.y * W;
    float4 v = reinterpret_cast<const float4*>(row)[threadIdx.x];
    out[threadIdx.y * 4 + threadIdx.x] = v.x + v.y + v.z + v.w;
}
