#ifndef CK_ROWS_H
#define CK_ROWS_H
#include <stddef.h>
#include <stdint.h>

/// y[r] = table[indices[r]], rows of `width`
void ck_gather(ptrdiff_t rows, ptrdiff_t width, const int32_t *indices, const float *table, float *y);
/// table[indices[r]] += x[r], in the order of r
void ck_scatter_add(ptrdiff_t rows, ptrdiff_t width, const int32_t *indices, const float *x, float *table);
/// y[r] = a[ia[r]] + b[ib[r]] + c[ic[r]]
void ck_gather3(
    ptrdiff_t rows, ptrdiff_t width, const int32_t *ia, const float *a, const int32_t *ib, const float *b,
    const int32_t *ic, const float *c, float *y);
/// Copies `width` columns between row-major matrices of the given row strides; adds where `accumulate`
void ck_copy_columns(
    ptrdiff_t rows, ptrdiff_t width, const float *x, ptrdiff_t x_stride, float *y, ptrdiff_t y_stride,
    int accumulate);
#endif
