// Each bin adds its gradient to the cells it came from, which several bins share.
// launch: grid 1 block 32 shared 0
// args: grad=ones(32,f4) cells=integers(0,16,32,i4) features_grad=zeros(16,f4)
// expect: clean
// result: features_grad = np.bincount(cells, minlength=16) * 0.25
extern "C" __global__ void scatter(const float* grad, const int* cells, float* features_grad) {
    int bin = blockIdx.x * blockDim.x + threadIdx.x;
    atomicAdd(&features_grad[cells[bin]], 0.25f * grad[bin]);
}
