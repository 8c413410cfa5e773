// 0 / 0 is the centre of a box without weight, and NaN has no integer.
// launch: grid 1 block 32 shared 0
// args: moments=zeros(32,f4) mass=zeros(32,f4) out=empty(32,i4)
// expect: undefined line 9
// says: nan
extern "C" __global__ void centres(const float* moments, const float* mass, int* out) {
    int i = threadIdx.x;
    float centre = moments[i] / mass[i];
    int cell = (int)centre;
    out[i] = cell < 0 ? 0 : cell;
}
