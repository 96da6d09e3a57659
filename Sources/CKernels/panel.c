#include "include/panel.h"

#include "vector.h"

// Products with one small factor that changes and one that stays, such as an LSTM's recurrent weights: the
// one that stays is packed once, where BLAS would pack it at every call.
//
// A tile of c is held in registers while k runs: 12 × 32 on AVX-512 (24 of 32 registers), 6 × 16 on AVX2
// (12 of 16). Multiplications and additions are fused here, so the last bits differ from a portable build.

#if defined(__x86_64__)
#define PACK_OK 1
#else
#define PACK_OK 0
#endif

#if PACK_OK
/// `rows` and `vectors` are constants where this is inlined; `last` columns of the tile exist.
CK_INLINE void tile(
    const int rows, const int vectors, ptrdiff_t k, const float *a, ptrdiff_t a_stride, const float *panel, float *c,
    ptrdiff_t c_stride, ptrdiff_t last) {
  ck_f16 sum[12][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[r][v] = 0;
#pragma clang loop unroll(disable)
  for (ptrdiff_t i = 0; i < k; i++) {
    const float *b = panel + i * vectors * 16;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const ck_f16 x = (ck_f16)(a[r * a_stride + i]);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] = __builtin_elementwise_fma(x, *(const ck_f16 *)(b + v * 16), sum[r][v]);
    }
  }
  if (last == vectors * 16) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) *(ck_f16 *)(c + r * c_stride + v * 16) = sum[r][v];
  } else {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      float whole[32];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) memcpy(whole + v * 16, &sum[r][v], 16 * sizeof *whole);
      memcpy(c + r * c_stride, whole, (size_t)last * sizeof *c);
    }
  }
}

/// All rows of one panel, in blocks of equal height as far as possible.
#define PANEL_CASE(R) \
  case R: tile(R, vectors, k, a, a_stride, panel, c, c_stride, last); break;

CK_INLINE void block12(
    ptrdiff_t rows, ptrdiff_t k, const float *a, ptrdiff_t a_stride, const float *panel, float *c, ptrdiff_t c_stride,
    ptrdiff_t last) {
  enum { vectors = 2 };
  switch (rows) {
    PANEL_CASE(1) PANEL_CASE(2) PANEL_CASE(3) PANEL_CASE(4) PANEL_CASE(5) PANEL_CASE(6) PANEL_CASE(7) PANEL_CASE(8)
    PANEL_CASE(9) PANEL_CASE(10) PANEL_CASE(11) PANEL_CASE(12)
  }
}

CK_INLINE void block6(
    ptrdiff_t rows, ptrdiff_t k, const float *a, ptrdiff_t a_stride, const float *panel, float *c, ptrdiff_t c_stride,
    ptrdiff_t last) {
  enum { vectors = 1 };
  switch (rows) {
    PANEL_CASE(1) PANEL_CASE(2) PANEL_CASE(3) PANEL_CASE(4) PANEL_CASE(5) PANEL_CASE(6)
  }
}

#define PANEL_LOOPS(BLOCK, HEIGHT, WIDTH)                                                                       \
  for (ptrdiff_t column = 0; column < n; column += WIDTH) {                                                     \
    const float *panel = panels + column * k;                                                                   \
    const ptrdiff_t last = n - column < WIDTH ? n - column : WIDTH;                                             \
    ptrdiff_t blocks = (m + HEIGHT - 1) / HEIGHT, done = 0;                                                     \
    for (; blocks > 0; blocks--) {                                                                              \
      const ptrdiff_t rows = (m - done + blocks - 1) / blocks;                                                  \
      BLOCK(rows, k, a + done * a_stride, a_stride, panel, c + done * c_stride + column, c_stride, last);       \
      done += rows;                                                                                             \
    }                                                                                                           \
  }

// Without the wish for 512 bits the compiler would split each vector in two and run out of registers.
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void multiply_avx512(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_stride, const float *panels, float *c,
    ptrdiff_t c_stride) {
  PANEL_LOOPS(block12, 12, 32)
}

__attribute__((target("arch=x86-64-v3"))) static void multiply_avx2(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_stride, const float *panels, float *c,
    ptrdiff_t c_stride) {
  PANEL_LOOPS(block6, 6, 16)
}

ptrdiff_t ck_panel_width(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 32;
  if (__builtin_cpu_supports("x86-64-v3")) return 16;
  return 0;
}

void ck_panel_multiply(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_stride, const float *panels, float *c,
    ptrdiff_t c_stride) {
  if (ck_panel_width() == 32)
    multiply_avx512(m, n, k, a, a_stride, panels, c, c_stride);
  else
    multiply_avx2(m, n, k, a, a_stride, panels, c, c_stride);
}
#else
ptrdiff_t ck_panel_width(void) { return 0; }
void ck_panel_multiply(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_stride, const float *panels, float *c,
    ptrdiff_t c_stride) {
  (void)m, (void)n, (void)k, (void)a, (void)a_stride, (void)panels, (void)c, (void)c_stride;
}
#endif

void ck_panel_pack(ptrdiff_t k, ptrdiff_t n, const float *b, ptrdiff_t row, ptrdiff_t column, float *panels) {
  const ptrdiff_t width = ck_panel_width();
  for (ptrdiff_t first = 0; first < n; first += width) {
    float *panel = panels + first * k;
    const ptrdiff_t last = n - first < width ? n - first : width;
    if (last < width) memset(panel, 0, (size_t)(k * width) * sizeof *panel);
    if (column == 1) {
      for (ptrdiff_t i = 0; i < k; i++)
        memcpy(panel + i * width, b + i * row + first, (size_t)last * sizeof *panel);
    } else {
      // Sixteen k at a time, so that the lines written stay in the first-level cache.
      for (ptrdiff_t start = 0; start < k; start += 16) {
        const ptrdiff_t end = start + 16 < k ? start + 16 : k;
        for (ptrdiff_t j = 0; j < last; j++)
          for (ptrdiff_t i = start; i < end; i++) panel[i * width + j] = b[i * row + (first + j) * column];
      }
    }
  }
}
