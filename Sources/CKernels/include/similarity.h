#ifndef CK_SIMILARITY_H
#define CK_SIMILARITY_H
#include <stddef.h>
#include <stdint.h>

/// y = x / ‖x‖ of each row; a row of zeros stays one. `inverse` gets 1 / ‖x‖, 0 for such a row.
void ck_unit_rows(ptrdiff_t rows, ptrdiff_t width, const float *x, float *y, float *inverse);
/// dx += (dy − y·(y·dy)) / ‖x‖
void ck_unit_rows_backward(
    ptrdiff_t rows, ptrdiff_t width, const float *y, const float *inverse, const float *dy, float *dx);
/// y = Σ a·b of each row
void ck_row_dots(ptrdiff_t rows, ptrdiff_t width, const float *a, const float *b, float *y);
/// dx[row] += dy[row]·other[row]
void ck_row_dots_backward(ptrdiff_t rows, ptrdiff_t width, const float *other, const float *dy, float *dx);
#endif
