#ifndef CK_TILES_H
#define CK_TILES_H
// Private to CKernels: the inner product kernels that panels and attention share.
#include "vector.h"

/// Where sums begin: at zero, or at what stands in c.
typedef enum { ck_from_zero, ck_from_c } ck_start;

/// c [m, n] = start + a [m, k] · b [k, n]; each element is summed in the order of k.
///
/// a[i][j] stands at a[i·a_row + j·a_column]. b lies in strips of `ck_strip()` columns (`wide`) or of 16: row j of
/// strip s begins at b[s·b_strip + j·b_row] and is whole, also where n ends inside it.
typedef void ck_tiles_function(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
    ptrdiff_t b_row, ptrdiff_t b_strip, ck_start start, float *c, ptrdiff_t c_row);

/// Strips of 16 columns, on every processor.
ck_tiles_function ck_tiles;
/// Strips of `ck_panel_width()` columns, where that is not 0.
ck_tiles_function ck_wide_tiles;
/// Rows of a tile of `ck_wide_tiles`.
ptrdiff_t ck_tile_height(void);
/// The next tile's rows when `left` are left: equal heights as far as possible.
CK_INLINE ptrdiff_t ck_next_rows(const ptrdiff_t height, ptrdiff_t left) {
  const ptrdiff_t tiles = (left + height - 1) / height;
  return (left + tiles - 1) / tiles;
}

/// to[j][i] = from[i][j] for i < rows and j < columns, rows of `to_stride` floats; where rows < 8·n, columns of
/// zeros fill `to` up to a multiple of 8.
CK_INLINE void ck_turn(
    ptrdiff_t rows, ptrdiff_t columns, const float *from, ptrdiff_t from_row, float *to, ptrdiff_t to_row) {
  for (ptrdiff_t i = 0; i < rows; i += 8) {
    const ptrdiff_t some = rows - i < 8 ? rows - i : 8;
    ptrdiff_t j = 0;
    for (; j + 8 <= columns; j += 8) {
      ck_f8 x[8], y[8];
      for (int r = 0; r < 8; r++) x[r] = r < some ? *(const ck_f8 *)(from + (i + r) * from_row + j) : (ck_f8)(0.0f);
      for (int r = 0; r < 8; r += 2) {
        y[r] = __builtin_shufflevector(x[r], x[r + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        y[r + 1] = __builtin_shufflevector(x[r], x[r + 1], 2, 10, 3, 11, 6, 14, 7, 15);
      }
      for (int r = 0; r < 8; r += 4) {
        x[r] = __builtin_shufflevector(y[r], y[r + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        x[r + 1] = __builtin_shufflevector(y[r], y[r + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        x[r + 2] = __builtin_shufflevector(y[r + 1], y[r + 3], 0, 1, 8, 9, 4, 5, 12, 13);
        x[r + 3] = __builtin_shufflevector(y[r + 1], y[r + 3], 2, 3, 10, 11, 6, 7, 14, 15);
      }
      for (int r = 0; r < 4; r++) {
        *(ck_f8 *)(to + (j + r) * to_row + i) = __builtin_shufflevector(x[r], x[r + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        *(ck_f8 *)(to + (j + r + 4) * to_row + i) =
            __builtin_shufflevector(x[r], x[r + 4], 4, 5, 6, 7, 12, 13, 14, 15);
      }
    }
    for (; j < columns; j++)
      for (int r = 0; r < 8; r++) to[j * to_row + i + r] = r < some ? from[(i + r) * from_row + j] : 0.0f;
  }
}
#endif
