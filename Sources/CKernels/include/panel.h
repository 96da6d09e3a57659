#ifndef CK_PANEL_H
#define CK_PANEL_H
#include <stddef.h>
#include <stdint.h>

/// Columns of a panel on this processor; 0 where there is no kernel (use BLAS).
ptrdiff_t ck_panel_width(void);
/// Packs b [k, n] into panels: panel p holds, row after row, columns p·width ..< (p+1)·width, filled up with
/// zeros. b[i][j] stands at b[i·row + j·column].
void ck_panel_pack(ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t row, ptrdiff_t column, float *panels);
/// Floats of the scratch that a product with a transposed a needs.
ptrdiff_t ck_panel_scratch(void);
/// c [m, n] = or += (`accumulate`) a [m, k] · b, b packed. Each element is summed in the order of k, whatever m is.
/// a[i][j] stands at a[i·a_row + j·a_column]; one of the two is 1. Only where a_row is 1 and a_column is not is `scratch` used.
void ck_panel_multiply(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *panels,
    int accumulate, float *c, ptrdiff_t c_row, float *scratch);
#endif
