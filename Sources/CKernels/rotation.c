#include "include/rotation.h"

#include "vector.h"

CK_CLONES void ck_rotate(
    ptrdiff_t rows, ptrdiff_t heads, ptrdiff_t width, const int32_t *restrict positions,
    const float *restrict cosines, const float *restrict sines, float sign, float *restrict qkv) {
  const ptrdiff_t half = width / 2;
  for (ptrdiff_t r = 0; r < rows; r++, qkv += 3 * heads * width) {
    const float *restrict cosine = cosines + positions[r] * half, *restrict sine = sines + positions[r] * half;
    // Queries and keys stand side by side: twice as many heads.
    for (ptrdiff_t head = 0; head < 2 * heads; head++) {
      float *restrict a = qkv + head * width, *restrict b = a + half;
      for (ptrdiff_t j = 0; j < half; j++) {
        float x = a[j], y = b[j], s = sign * sine[j];
        a[j] = x * cosine[j] - y * s;
        b[j] = y * cosine[j] + x * s;
      }
    }
  }
}
