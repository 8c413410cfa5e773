// RoIAlign's gradient: the bins of overlapping boxes add to the same cells.
// launch: grid 1 block 32 shared 0
// args: grad=ones(32,f4) cells=integers(0,16,32,i4) features_grad=zeros(16,f4)
// expect: race line 7 with 7
extern "C" __global__ void scatter(const float* grad, const int* cells, float* features_grad) {
    int bin = blockIdx.x * blockDim.x + threadIdx.x;
    features_grad[cells[bin]] += 0.25f * grad[bin];
}
