#include "include/panel.h"

#include "tiles.h"

// Products whose second factor is packed into panels: once where it stays, such as an LSTM's recurrent weights or those of a
// model that predicts (BLAS would pack it at every call), else for the product. k and m are cut so that a panel stays in the
// first-level cache and the rows of a in the second (Goto and van de Geijn 2008). A transposed is copied block by block, since
// its rows lie too far apart for the first-level cache.

enum {
  /// Most rows of a, and most of k, that are worked on together.
  block_rows = 144,
  block_k = 384,
};

ptrdiff_t ck_panel_scratch(void) { return block_rows * block_k; }

void ck_panel_multiply(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *panels,
    int accumulate, float *c, ptrdiff_t c_row, float *scratch) {
  const ptrdiff_t height = ck_tile_height(), width = ck_panel_width();
  // Where k is 0 there still is a start to write.
  ptrdiff_t k_blocks = k > 0 ? (k + block_k - 1) / block_k : 1, k_done = 0;
  for (; k_blocks > 0; k_blocks--) {
    const ptrdiff_t depth = (k - k_done + k_blocks - 1) / k_blocks;
    const ck_start start = k_done > 0 || accumulate ? ck_from_c : ck_from_zero;
    ptrdiff_t m_blocks = (m + block_rows - 1) / block_rows, m_done = 0;
    for (; m_blocks > 0; m_blocks--) {
      const ptrdiff_t even = ((m - m_done + m_blocks - 1) / m_blocks + height - 1) / height * height;
      const ptrdiff_t rows = even < m - m_done ? even : m - m_done;
      const float *block = a + m_done * a_row + k_done * a_column;
      const float *b = panels + k_done * width;
      float *to = c + m_done * c_row;
      if (a_column == 1) {
        ck_wide_tiles(rows, n, depth, block, a_row, 1, b, width, k * width, start, to, c_row);
      } else {
        for (ptrdiff_t i = 0; i < depth; i++)
          memcpy(scratch + i * rows, block + i * a_column, (size_t)rows * sizeof *scratch);
        ck_wide_tiles(rows, n, depth, scratch, 1, rows, b, width, k * width, start, to, c_row);
      }
      m_done += rows;
    }
    k_done += depth;
  }
}

CK_CLONES void ck_panel_pack(
    ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t row, ptrdiff_t column, float *panels) {
  const ptrdiff_t width = ck_panel_width();
  for (ptrdiff_t first = 0; first < n; first += width) {
    float *panel = panels + first * k;
    const ptrdiff_t last = n - first < width ? n - first : width;
    if (last < width) memset(panel, 0, (size_t)(k * width) * sizeof *panel);
    if (row == 1) {
      ck_turn(last, k, b + first * column, column, panel, width);
    } else if (last == width && width == 16) {
      for (ptrdiff_t i = 0; i < k; i++) memcpy(panel + i * 16, b + i * row + first, 16 * sizeof *panel);
    } else {
      for (ptrdiff_t i = 0; i < k; i++)
        memcpy(panel + i * width, b + i * row + first, (size_t)last * sizeof *panel);
    }
  }
}
