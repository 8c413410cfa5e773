// Copies half-width values one byte short: the upper byte of each element stays as it was.
// launch: grid 1 block 32 shared 0
// args: x=arange(32,u2) out=empty(32,u2)
// expect: unwritten line 8
extern "C" __global__ void copy(const unsigned short* x, unsigned short* out) {
    int i = threadIdx.x;
    unsigned char* low = (unsigned char*)(out + i);
    *low = (unsigned char)x[i];
}
