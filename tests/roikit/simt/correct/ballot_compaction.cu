// Keeps the positive elements in order: each lane counts those before it, each warp takes its place.
// launch: grid 1 block 64 shared 0
// args: x=array([3,-1,4,-1,5,-9,2,-6]*8,i4) out=zeros(64,i4) count=empty(1,i4)
// expect: clean
// result: out = np.concatenate([x[x > 0], np.zeros(64 - (x > 0).sum())])
// result: count = [(x > 0).sum()]
extern "C" __global__ void keep_positive(const int* x, int* out, int* count) {
    __shared__ int of_warp[2];
    int t = threadIdx.x;
    int lane = t % 32;
    int warp = t / 32;
    bool keep = x[t] > 0;
    unsigned kept = __ballot_sync(0xffffffffu, keep);
    if (lane == 0) {
        of_warp[warp] = __popc(kept);
    }
    int all = __syncthreads_count(keep);
    int before = __popc(kept & ((1u << lane) - 1));
    if (warp == 1) {
        before += of_warp[0];
    }
    if (keep) {
        out[before] = x[t];
    }
    if (t == 0) {
        *count = all;
    }
}
