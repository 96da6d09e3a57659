#include "tiles.h"

#include "include/isa.h"
#include "include/panel.h"

// A tile of c is held in registers while k runs: 12 × 32 or 12 × 16 on AVX-512 (24 of 32 registers), 6 × 16 on
// AVX2 (12 of 16). Multiplications and additions are fused everywhere and each element is summed in the order of k, so
// the bits are the same on every instruction set; a processor without the instruction calls `fmaf` for each element.

#if defined(__x86_64__)
#define X86 1
#else
#define X86 0
#endif

/// `rows` and `vectors` are constants where this is inlined; `last` columns of the tile exist.
CK_INLINE void tile(
    const int rows, const int vectors, ptrdiff_t k, const float *a, ptrdiff_t a_row,
    ptrdiff_t a_column, const float *b, ptrdiff_t b_row, ck_start start, float *c, ptrdiff_t c_row,
    ptrdiff_t last) {
  ck_f16 sum[12][2];
  const int whole = last == vectors * 16;
  float partial[12][32];
  if (start == ck_from_zero) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] = 0;
  } else {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const float *from = c + r * c_row;
      if (!whole) {
        memcpy(partial[r], from, (size_t)last * sizeof *from);
        from = partial[r];
      }
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] = *(const ck_f16 *)(from + v * 16);
    }
  }
#pragma clang loop unroll(disable)
  for (ptrdiff_t i = 0; i < k; i++) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const ck_f16 x = (ck_f16)(a[r * a_row]);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        const ck_f16 y = *(const ck_f16 *)(b + v * 16);
        sum[r][v] = __builtin_elementwise_fma(x, y, sum[r][v]);
      }
    }
    a += a_column;
    b += b_row;
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    float *to = whole ? c + r * c_row : partial[r];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) *(ck_f16 *)(to + v * 16) = sum[r][v];
    if (!whole) memcpy(c + r * c_row, to, (size_t)last * sizeof *c);
  }
}

#define TILE_CASE(R)                                                                                       \
  case R:                                                                                                  \
    if (R <= height)                                                                                       \
      tile(R, vectors, k, a + done * a_row, a_row, a_column, strip, b_row, start, to, c_row, last); \
    break;

CK_INLINE void tiles(
    const int height, const int vectors, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a,
    ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row, ptrdiff_t b_strip, ck_start start,
    float *c, ptrdiff_t c_row) {
  const ptrdiff_t width = vectors * 16;
  for (ptrdiff_t column = 0; column < n; column += width) {
    const float *strip = b + column / width * b_strip;
    const ptrdiff_t last = n - column < width ? n - column : width;
    for (ptrdiff_t done = 0; done < m;) {
      const ptrdiff_t rows = ck_next_rows(height, m - done);
      float *to = c + done * c_row + column;
      switch (rows) {
        TILE_CASE(1) TILE_CASE(2) TILE_CASE(3) TILE_CASE(4) TILE_CASE(5) TILE_CASE(6) TILE_CASE(7) TILE_CASE(8)
        TILE_CASE(9) TILE_CASE(10) TILE_CASE(11) TILE_CASE(12)
      }
      done += rows;
    }
  }
}

#define DEFINE_TILES(NAME, TARGET, HEIGHT, VECTORS)                                                            \
  TARGET static void NAME(                                                                                     \
      ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, \
      ptrdiff_t b_row, ptrdiff_t b_strip, ck_start start, float *c, ptrdiff_t c_row) {      \
    tiles(HEIGHT, VECTORS, m, n, k, a, a_row, a_column, b, b_row, b_strip, start, c, c_row);      \
  }

#if X86
// Without the wish for 512 bits the compiler would split each vector in two and run out of registers.
#define AVX512 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define AVX2 __attribute__((target("arch=x86-64-v3")))
DEFINE_TILES(tiles_avx512_wide, AVX512, 12, 2)
DEFINE_TILES(tiles_avx512, AVX512, 12, 1)
DEFINE_TILES(tiles_avx2, AVX2, 6, 1)
#endif
DEFINE_TILES(tiles_portable, , 4, 1)

// What a test asked for on this thread, as the width of a panel; −1 for what the processor has.
static _Thread_local ptrdiff_t forced = -1;

void ck_force_products(const char *isa) {
  forced = -1;
  if (!isa) return;
  const ptrdiff_t asked = strcmp(isa, "avx512") == 0 ? 32 : strcmp(isa, "avx2") == 0 ? 16 : 0;
  if (asked <= ck_panel_width()) forced = asked;
}

ptrdiff_t ck_panel_width(void) {
#if X86
  if (forced >= 0) return forced;
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 32;
  if (__builtin_cpu_supports("x86-64-v3")) return 16;
#endif
  return 0;
}

ptrdiff_t ck_tile_height(void) { return ck_panel_width() == 32 ? 12 : 6; }

void ck_wide_tiles(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
    ptrdiff_t b_row, ptrdiff_t b_strip, ck_start start, float *c, ptrdiff_t c_row) {
#if X86
  if (ck_panel_width() == 32) {
    tiles_avx512_wide(m, n, k, a, a_row, a_column, b, b_row, b_strip, start, c, c_row);
    return;
  }
#endif
  ck_tiles(m, n, k, a, a_row, a_column, b, b_row, b_strip, start, c, c_row);
}

void ck_tiles(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
    ptrdiff_t b_row, ptrdiff_t b_strip, ck_start start, float *c, ptrdiff_t c_row) {
  switch (ck_panel_width()) {
#if X86
    case 32: tiles_avx512(m, n, k, a, a_row, a_column, b, b_row, b_strip, start, c, c_row); break;
    case 16: tiles_avx2(m, n, k, a, a_row, a_column, b, b_row, b_strip, start, c, c_row); break;
#endif
    default: tiles_portable(m, n, k, a, a_row, a_column, b, b_row, b_strip, start, c, c_row);
  }
}
