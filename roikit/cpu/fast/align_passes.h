/* The passes of RoIAlign over one window of one channel, for the vectors of simd.h. See passes.h. */

/* A depth that the compiler shall know, so that it unrolls the loop over taps: there is a case for each. Zero
   takes the case for all others. */
#undef KNOWN
#define KNOWN(depth, most) (SIMD && (depth) <= (most) ? (depth) : 0)

/* So many taps are added up by themselves, and then to the sum: rounding errors grow with the longer of the two. */
#define PART 32

/* out[i] = sum of weight * in[cell] over the taps of row i; all rows are `width` numbers long. */
INLINE void NAME(rows_of_depth)(
    const Rows *rows, const T *in, ptrdiff_t in_stride, T *out, ptrdiff_t out_stride, ptrdiff_t width, int add,
    const int depth)
{
    for (ptrdiff_t x = 0; x < width; x += LANES) {
        int n = width - x < LANES ? (int)(width - x) : LANES;
        for (int32_t i = 0; i < rows->outputs; i++) {
            V sum = add ? NAME(load)(out + i * out_stride + x, n) : NAME(all)(0);
            const int32_t *cell = rows->cell + (ptrdiff_t)i * depth;
            const T *weight = (const T *)rows->weight + (ptrdiff_t)i * depth;
            for (int t = 0; t < depth;) {
                V part = NAME(all)(0);
                for (int end = depth - t < PART ? depth : t + PART; t < end; t++)
                    part = NAME(multiply_add)(
                        NAME(all)(weight[t]), NAME(load)(in + cell[t] * in_stride + x, n), part);
                sum = NAME(add)(sum, part);
            }
            NAME(store)(out + i * out_stride + x, sum, n);
        }
    }
}

static void NAME(rows_sum)(
    const Rows *rows, const void *in, ptrdiff_t in_stride, void *out, ptrdiff_t out_stride, ptrdiff_t width, int add)
{
    switch (KNOWN(rows->depth, 4)) {
    case 1: NAME(rows_of_depth)(rows, in, in_stride, out, out_stride, width, add, 1); break;
    case 2: NAME(rows_of_depth)(rows, in, in_stride, out, out_stride, width, add, 2); break;
    case 3: NAME(rows_of_depth)(rows, in, in_stride, out, out_stride, width, add, 3); break;
    case 4: NAME(rows_of_depth)(rows, in, in_stride, out, out_stride, width, add, 4); break;
    default: NAME(rows_of_depth)(rows, in, in_stride, out, out_stride, width, add, rows->depth);
    }
}

/* The inputs that one group of columns reads of one row, held in up to four vectors. */
typedef struct { V a, b, c, d; const T *p; } NAME(Source);

INLINE int NAME(part)(int span, int v)
{
    int n = span - v * LANES;
    return n < 0 ? 0 : n > LANES ? LANES : n;
}

INLINE NAME(Source) NAME(read)(const T *p, int span, const int vectors)
{
    NAME(Source) from;
    from.p = p;
    if (vectors >= 1)
        from.a = NAME(load)(p, NAME(part)(span, 0));
    if (vectors >= 2)
        from.b = NAME(load)(p + LANES, NAME(part)(span, 1));
    if (vectors >= 4) {
        from.c = NAME(load)(p + 2 * LANES, NAME(part)(span, 2));
        from.d = NAME(load)(p + 3 * LANES, NAME(part)(span, 3));
    }
    return from;
}

INLINE V NAME(pick)(const NAME(Source) *from, CELLS cells, const int vectors)
{
    if (vectors == 1)
        return NAME(select1)(from->a, cells);
    if (vectors == 2)
        return NAME(select2)(from->a, from->b, cells);
    if (vectors == 4)
        return NAME(select4)(from->a, from->b, from->c, from->d, cells);
    return NAME(gather)(from->p, cells);
}

/* How many vectors hold a span: 1, 2, 4, or 0 for more, which are gathered from memory. */
INLINE int NAME(vectors_of)(int span)
{
    return span <= LANES ? 1 : span <= 2 * LANES ? 2 : span <= 4 * LANES ? 4 : 0;
}

/* out[lane] = sum of weight * in[cell] over the taps of that lane. */
INLINE V NAME(column_sums)(
    const NAME(Source) *from, const Group *group, V sum, const int vectors, const int depth)
{
    const T *weight = group->weight;
    for (ptrdiff_t t = 0; t < depth;) {
        V part = NAME(all)(0);
        for (ptrdiff_t end = depth - t < PART ? depth : t + PART; t < end; t++) {
            V picked = NAME(pick)(from, NAME(cells)(group->cell + t * LANES), vectors);
            part = NAME(multiply_add)(NAME(load)(weight + t * LANES, LANES), picked, part);
        }
        sum = NAME(add)(sum, part);
    }
    return sum;
}

/* A group's table, in vectors where its depth is known and small. */
typedef struct { CELLS cells[8]; V weights[8]; } NAME(Table);

INLINE NAME(Table) NAME(table_of)(const Group *group, const int depth)
{
    NAME(Table) table;
    for (int t = 0; t < depth; t++) {
        table.cells[t] = NAME(cells)(group->cell + t * LANES);
        table.weights[t] = NAME(load)((const T *)group->weight + t * LANES, LANES);
    }
    return table;
}

INLINE void NAME(columns_of)(
    const Group *group, const T *in, ptrdiff_t in_stride, T *out, ptrdiff_t out_stride, ptrdiff_t rows, int add,
    const int vectors, const int depth)
{
    NAME(Table) table = NAME(table_of)(group, depth);
    for (ptrdiff_t row = 0; row < rows; row++, in += in_stride, out += out_stride) {
        NAME(Source) from = NAME(read)(in, group->span, vectors);
        V sum = add ? NAME(load)(out, group->outputs) : NAME(all)(0);
        for (int t = 0; t < depth; t++)
            sum = NAME(multiply_add)(table.weights[t], NAME(pick)(&from, table.cells[t], vectors), sum);
        NAME(store)(out, sum, group->outputs);
    }
}

INLINE void NAME(columns_in)(
    const Group *group, const T *in, ptrdiff_t in_stride, T *out, ptrdiff_t out_stride, ptrdiff_t rows, int add,
    const int vectors)
{
    switch (KNOWN(group->depth, vectors == 1 ? 8 : 4)) {
    case 1: NAME(columns_of)(group, in, in_stride, out, out_stride, rows, add, vectors, 1); return;
    case 2: NAME(columns_of)(group, in, in_stride, out, out_stride, rows, add, vectors, 2); return;
    case 3: NAME(columns_of)(group, in, in_stride, out, out_stride, rows, add, vectors, 3); return;
    case 4: NAME(columns_of)(group, in, in_stride, out, out_stride, rows, add, vectors, 4); return;
    case 5: NAME(columns_of)(group, in, in_stride, out, out_stride, rows, add, 1, 5); return;
    case 6: NAME(columns_of)(group, in, in_stride, out, out_stride, rows, add, 1, 6); return;
    case 7: NAME(columns_of)(group, in, in_stride, out, out_stride, rows, add, 1, 7); return;
    case 8: NAME(columns_of)(group, in, in_stride, out, out_stride, rows, add, 1, 8); return;
    }
    for (ptrdiff_t row = 0; row < rows; row++, in += in_stride, out += out_stride) {
        NAME(Source) from = NAME(read)(in, group->span, vectors);
        V sum = add ? NAME(load)(out, group->outputs) : NAME(all)(0);
        NAME(store)(out, NAME(column_sums)(&from, group, sum, vectors, group->depth), group->outputs);
    }
}

static void NAME(columns_sum)(
    const Group *groups, int32_t count, const void *in, ptrdiff_t in_stride, void *out, ptrdiff_t out_stride,
    ptrdiff_t rows, int add)
{
    for (int32_t g = 0; g < count; g++) {
        const T *from = (const T *)in + groups[g].first;
        T *to = (T *)out + g * LANES;
        switch (NAME(vectors_of)(groups[g].span)) {
        case 1: NAME(columns_in)(groups + g, from, in_stride, to, out_stride, rows, add, 1); break;
        case 2: NAME(columns_in)(groups + g, from, in_stride, to, out_stride, rows, add, 2); break;
        case 4: NAME(columns_in)(groups + g, from, in_stride, to, out_stride, rows, add, 4); break;
        default: NAME(columns_in)(groups + g, from, in_stride, to, out_stride, rows, add, 0);
        }
    }
}

/* One row of rows_sum, left in vectors: `width` numbers, at most as many as they hold. */
INLINE NAME(Source) NAME(row_in_vectors)(
    const Rows *rows, int32_t i, const T *in, ptrdiff_t in_stride, int width, const int vectors)
{
    const T *weight = (const T *)rows->weight + (ptrdiff_t)i * rows->depth;
    const int32_t *cell = rows->cell + (ptrdiff_t)i * rows->depth;
    NAME(Source) sum;
    sum.p = 0;
    sum.a = sum.b = sum.c = sum.d = NAME(all)(0);
    for (int t = 0; t < rows->depth;) {
        NAME(Source) part;
        part.a = part.b = part.c = part.d = NAME(all)(0);
        for (int end = rows->depth - t < PART ? rows->depth : t + PART; t < end; t++) {
            NAME(Source) row = NAME(read)(in + cell[t] * in_stride, width, vectors);
            V w = NAME(all)(weight[t]);
            part.a = NAME(multiply_add)(w, row.a, part.a);
            if (vectors >= 2)
                part.b = NAME(multiply_add)(w, row.b, part.b);
            if (vectors >= 4) {
                part.c = NAME(multiply_add)(w, row.c, part.c);
                part.d = NAME(multiply_add)(w, row.d, part.d);
            }
        }
        sum.a = NAME(add)(sum.a, part.a);
        sum.b = NAME(add)(sum.b, part.b);
        sum.c = NAME(add)(sum.c, part.c);
        sum.d = NAME(add)(sum.d, part.d);
    }
    return sum;
}

/* Both passes, one row at a time, which stays in vectors between them. */
INLINE void NAME(both_of)(
    const Rows *rows, const Group *group, const T *in, ptrdiff_t in_stride, T *out, ptrdiff_t out_stride,
    int width, int add, const int vectors, const int depth)
{
    NAME(Table) table = NAME(table_of)(group, depth);
    const T *last = out + (rows->outputs - 1) * out_stride + group->outputs;
    for (int32_t i = 0; i < rows->outputs; i++, out += out_stride) {
        NAME(Source) row = NAME(row_in_vectors)(rows, i, in, in_stride, width, vectors);
        V sum = add ? NAME(load)(out, group->outputs) : NAME(all)(0);
        for (int t = 0; t < depth; t++)
            sum = NAME(multiply_add)(table.weights[t], NAME(pick)(&row, table.cells[t], vectors), sum);
        if (depth == 0) /* not known when this was compiled */
            sum = NAME(column_sums)(&row, group, sum, vectors, group->depth);
        /* Rows that lie one after the other: what a whole vector writes too far, the next row overwrites. */
        int whole = !add && out_stride == group->outputs && out + LANES <= last;
        NAME(store)(out, sum, whole ? LANES : group->outputs);
    }
}

INLINE void NAME(both_with)(
    const Rows *rows, const Group *group, const T *in, ptrdiff_t in_stride, T *out, ptrdiff_t out_stride, int width,
    int add, const int vectors)
{
    switch (KNOWN(group->depth, vectors == 1 ? 8 : 4)) {
    case 1: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, vectors, 1); break;
    case 2: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, vectors, 2); break;
    case 3: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, vectors, 3); break;
    case 4: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, vectors, 4); break;
    case 5: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, 1, 5); break;
    case 6: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, 1, 6); break;
    case 7: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, 1, 7); break;
    case 8: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, 1, 8); break;
    default: NAME(both_of)(rows, group, in, in_stride, out, out_stride, width, add, vectors, 0);
    }
}

static void NAME(both_sums)(
    const Rows *rows, const Group *group, const void *in, ptrdiff_t in_stride, void *out, ptrdiff_t out_stride,
    ptrdiff_t width, int add)
{
    switch (NAME(vectors_of)((int)width)) {
    case 1: NAME(both_with)(rows, group, in, in_stride, out, out_stride, (int)width, add, 1); break;
    case 2: NAME(both_with)(rows, group, in, in_stride, out, out_stride, (int)width, add, 2); break;
    default: NAME(both_with)(rows, group, in, in_stride, out, out_stride, (int)width, add, 4);
    }
}

/* Adds to `largest` the samples of one row: taps 2s and 2s + 1 of a lane are the neighbours of its sample s. */
INLINE V NAME(largest_blend)(
    const NAME(Source) *from, const Group *group, V largest, const int vectors, const int depth)
{
    const T *weight = group->weight;
    for (int t = 0; t < depth; t += 2) {
        V low = NAME(pick)(from, NAME(cells)(group->cell + t * LANES), vectors);
        V high = NAME(pick)(from, NAME(cells)(group->cell + (t + 1) * LANES), vectors);
        V sample = NAME(multiply)(NAME(load)(weight + t * LANES, LANES), low);
        sample = NAME(multiply_add)(NAME(load)(weight + (t + 1) * LANES, LANES), high, sample);
        largest = NAME(larger)(sample, largest);
    }
    return largest;
}

INLINE void NAME(largest_in)(
    const Group *group, const T *in, ptrdiff_t in_stride, T *out, ptrdiff_t rows, const int vectors)
{
    V largest = NAME(all)((T)-INFINITY);
    for (ptrdiff_t row = 0; row < rows; row++, in += in_stride) {
        NAME(Source) from = NAME(read)(in, group->span, vectors);
        largest = NAME(largest_blend)(&from, group, largest, vectors, group->depth);
    }
    NAME(store)(out, NAME(add)(largest, NAME(all)(0)), group->outputs); /* 0 has no sign */
}

static void NAME(columns_largest)(
    const Group *groups, int32_t count, const void *in, ptrdiff_t in_stride, void *out, ptrdiff_t rows)
{
    for (int32_t g = 0; g < count; g++) {
        const T *from = (const T *)in + groups[g].first;
        T *to = (T *)out + g * LANES;
        switch (NAME(vectors_of)(groups[g].span)) {
        case 1: NAME(largest_in)(groups + g, from, in_stride, to, rows, 1); break;
        case 2: NAME(largest_in)(groups + g, from, in_stride, to, rows, 2); break;
        case 4: NAME(largest_in)(groups + g, from, in_stride, to, rows, 4); break;
        default: NAME(largest_in)(groups + g, from, in_stride, to, rows, 0);
        }
    }
}

/* All bins of mode "max": `a_bin` rows of samples make one row of bins. One row stays in vectors. */
INLINE void NAME(both_largest_of)(
    const Rows *rows, int32_t a_bin, const Group *group, const T *in, ptrdiff_t in_stride, T *out,
    ptrdiff_t out_stride, int width, const int vectors, const int depth)
{
    NAME(Table) table = NAME(table_of)(group, depth);
    const T *last = out + (rows->outputs / a_bin - 1) * out_stride + group->outputs;
    for (int32_t i = 0; i < rows->outputs; out += out_stride) {
        V largest = NAME(all)((T)-INFINITY);
        for (int32_t end = i + a_bin; i < end; i++) {
            NAME(Source) row = NAME(row_in_vectors)(rows, i, in, in_stride, width, vectors);
            for (int t = 0; t < depth; t += 2) {
                V sample = NAME(multiply)(table.weights[t], NAME(pick)(&row, table.cells[t], vectors));
                V high = NAME(pick)(&row, table.cells[t + 1], vectors);
                largest = NAME(larger)(NAME(multiply_add)(table.weights[t + 1], high, sample), largest);
            }
            if (depth == 0)
                largest = NAME(largest_blend)(&row, group, largest, vectors, group->depth);
        }
        int whole = out_stride == group->outputs && out + LANES <= last;
        NAME(store)(out, NAME(add)(largest, NAME(all)(0)), whole ? LANES : group->outputs);
    }
}

INLINE void NAME(both_largest_with)(
    const Rows *rows, int32_t a_bin, const Group *group, const T *in, ptrdiff_t in_stride, T *out,
    ptrdiff_t out_stride, int width, const int vectors)
{
    switch (KNOWN(group->depth, 6)) {
    case 2: NAME(both_largest_of)(rows, a_bin, group, in, in_stride, out, out_stride, width, vectors, 2); break;
    case 4: NAME(both_largest_of)(rows, a_bin, group, in, in_stride, out, out_stride, width, vectors, 4); break;
    case 6: NAME(both_largest_of)(rows, a_bin, group, in, in_stride, out, out_stride, width, vectors, 6); break;
    default: NAME(both_largest_of)(rows, a_bin, group, in, in_stride, out, out_stride, width, vectors, 0);
    }
}

static void NAME(both_largest)(
    const Rows *rows, int32_t a_bin, const Group *groups, int32_t count, const void *in, ptrdiff_t in_stride,
    void *out, ptrdiff_t out_stride, ptrdiff_t width)
{
    for (int32_t g = 0; g < count; g++, out = (T *)out + LANES) {
        const Group *group = groups + g;
        switch (NAME(vectors_of)((int)width)) {
        case 1: NAME(both_largest_with)(rows, a_bin, group, in, in_stride, out, out_stride, (int)width, 1); break;
        case 2: NAME(both_largest_with)(rows, a_bin, group, in, in_stride, out, out_stride, (int)width, 2); break;
        default: NAME(both_largest_with)(rows, a_bin, group, in, in_stride, out, out_stride, (int)width, 4);
        }
    }
}

/* Whether a NaN, an infinity or a number too large to be added up without care is among them. */
static int NAME(wild)(const void *in, ptrdiff_t in_stride, ptrdiff_t rows, ptrdiff_t width)
{
    int found = 0;
    if (in_stride == width) { /* one long row */
        width *= rows;
        rows = 1;
    }
    for (ptrdiff_t row = 0; row < rows; row++) {
        const T *p = (const T *)in + row * in_stride;
        ptrdiff_t x = 0;
        for (; x + LANES <= width; x += LANES)
            found |= NAME(any_beyond)(NAME(load)(p + x, LANES), (T)TAME);
        if (x < width)
            found |= NAME(any_beyond)(NAME(load)(p + x, (int)(width - x)), (T)TAME);
    }
    return found != 0;
}

static const AlignPasses NAME(align_passes) = {
    LANES,
    NAME(rows_sum), NAME(columns_sum), NAME(both_sums),
    NAME(columns_largest), NAME(both_largest), NAME(wild),
};

#undef PART
