/* Maps with the channels last: a cell is a run of channels, and lanes are channels. See channels.h. */

/* So many vectors of channels at a time: each tap is looked up once for all of them. Of 4, 8 and 16 this was the
   fastest over all. */
#define VECTORS 8
#define RUN (VECTORS * LANES)
#define EACH_VECTOR for (int v = 0; v < VECTORS; v++)

INLINE int NAME(lanes_of)(ptrdiff_t channels, int v)
{
    ptrdiff_t n = channels - v * LANES;
    return n < 0 ? 0 : n > LANES ? LANES : (int)n;
}

INLINE void NAME(blend)(
    V sums[VECTORS], const Matrix *y, int32_t i, const Matrix *x, int32_t j, const Cells *from, ptrdiff_t c, ptrdiff_t channels)
{
    const T *y_weight = y->weight, *x_weight = x->weight, *in = (const T *)from->first + c;
    for (int32_t s = y->start[i]; s < y->start[i + 1]; s++) {
        V row[VECTORS]; /* by itself, so that rounding errors grow with rows and columns, not with cells */
        EACH_VECTOR
            row[v] = NAME(all)(0);
        for (int32_t t = x->start[j]; t < x->start[j + 1]; t++) {
            const T *cell = in + y->cell[s] * from->row + x->cell[t] * from->column;
            V weight = NAME(all)(x_weight[t]);
            EACH_VECTOR {
                V value = NAME(load)(cell + v * LANES, NAME(lanes_of)(channels, v));
                row[v] = NAME(multiply_add)(weight, value, row[v]);
            }
        }
        EACH_VECTOR
            sums[v] = NAME(multiply_add)(NAME(all)(y_weight[s]), row[v], sums[v]);
    }
}

static void NAME(sums)(const Matrix *y, const Matrix *x, const Cells *from, const Cells *to, ptrdiff_t channels, int add)
{
    for (ptrdiff_t c = 0; c < channels; c += RUN)
        for (int32_t i = 0; i < y->outputs; i++)
            for (int32_t j = 0; j < x->outputs; j++) {
                T *out = (T *)to->first + i * to->row + j * to->column + c;
                V sums[VECTORS];
                EACH_VECTOR
                    sums[v] = add ? NAME(load)(out + v * LANES, NAME(lanes_of)(channels - c, v)) : NAME(all)(0);
                NAME(blend)(sums, y, i, x, j, from, c, channels - c);
                EACH_VECTOR
                    NAME(store)(out + v * LANES, sums[v], NAME(lanes_of)(channels - c, v));
            }
}

/* `across` columns and `down` rows of samples make one bin. */
static void NAME(largest)(
    const Matrix *y, int32_t down, const Matrix *x, int32_t across, const Cells *from, const Cells *to, ptrdiff_t channels)
{
    for (ptrdiff_t c = 0; c < channels; c += RUN)
        for (int32_t i = 0; i < y->outputs; i += down)
            for (int32_t j = 0; j < x->outputs; j += across) {
                T *out = (T *)to->first + i / down * to->row + j / across * to->column + c;
                V largest[VECTORS];
                EACH_VECTOR
                    largest[v] = NAME(all)((T)-INFINITY);
                for (int32_t iy = i; iy < i + down; iy++)
                    for (int32_t ix = j; ix < j + across; ix++) {
                        V sample[VECTORS];
                        EACH_VECTOR
                            sample[v] = NAME(all)(0);
                        NAME(blend)(sample, y, iy, x, ix, from, c, channels - c);
                        EACH_VECTOR
                            largest[v] = NAME(larger)(sample[v], largest[v]);
                    }
                EACH_VECTOR
                    NAME(store)(out + v * LANES, largest[v], NAME(lanes_of)(channels - c, v));
            }
}

/* Whether a cell holds a NaN, an infinity or a number too large to be added up without care. */
static int NAME(any_wild)(const Cells *from, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels)
{
    int found = 0;
    ptrdiff_t run = channels;
    if (from->column == channels) { /* a row of cells is one run */
        run = columns * channels;
        columns = 1;
    }
    for (ptrdiff_t y = 0; y < rows; y++)
        for (ptrdiff_t x = 0; x < columns; x++) {
            const T *cell = (const T *)from->first + y * from->row + x * from->column;
            for (ptrdiff_t c = 0; c < run; c += LANES)
                found |= NAME(any_beyond)(NAME(load)(cell + c, NAME(lanes_of)(run - c, 0)), (T)TAME);
        }
    return found != 0;
}

/* The maximum of some cells and, where that is asked for, which it was: the first in row-major order. */
static void NAME(maxima)(
    const Cells *from, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, void *out, int32_t *where,
    int32_t first, int32_t map_width)
{
    const T *in = from->first;
    T *best = out;
    for (ptrdiff_t c = 0; c < channels; c++)
        best[c] = in[c];
    if (where)
        for (ptrdiff_t c = 0; c < channels; c++)
            where[c] = first;
    for (ptrdiff_t y = 0; y < rows; y++)
        for (ptrdiff_t x = 0; x < columns; x++) {
            const T *cell = in + y * from->row + x * from->column;
            int32_t here = first + (int32_t)(y * map_width + x);
            if (where)
                for (ptrdiff_t c = 0; c < channels; c++) {
                    int more = cell[c] > best[c];
                    where[c] = more ? here : where[c];
                    best[c] = more ? cell[c] : best[c];
                }
            else
                for (ptrdiff_t c = 0; c < channels; c++)
                    best[c] = cell[c] > best[c] ? cell[c] : best[c];
        }
}

static const ChannelPasses NAME(channel_passes) = {NAME(sums), NAME(largest), NAME(any_wild), NAME(maxima)};

#undef RUN
#undef VECTORS
#undef EACH_VECTOR
