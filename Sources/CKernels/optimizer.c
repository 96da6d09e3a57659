#include "include/optimizer.h"

#include <math.h>

#include "vector.h"

CK_INLINE void element(float *x, float g, float *m, float *v, const ck_adamw_step *s) {
  float first = s->beta1 * *m + s->rest1 * g;
  float second = s->beta2 * *v + s->rest2 * (g * g);
  // Moments of rows that no longer get a gradient would fade into subnormal numbers, which are a hundred
  // times slower, and stay there. Far above those they no longer move any value.
  first = fabsf(first) < 1e-30f ? 0.0f : first;
  second = second < 1e-36f ? 0.0f : second;
  *m = first;
  *v = second;
  *x = *x * s->decay - s->rate * first / (ck_sqrt(second) * s->root + s->epsilon);
}

CK_CLONES void ck_adamw(
    ptrdiff_t n, float *restrict x, const float *restrict gradient, float *restrict m, float *restrict v,
    ck_adamw_step step) {
  for (ptrdiff_t i = 0; i < n; i++) element(x + i, gradient[i] * step.scale, m + i, v + i, &step);
}

CK_CLONES void ck_adamw_rows(
    ptrdiff_t rows, ptrdiff_t width, float *restrict x, ptrdiff_t count, const int32_t *restrict touched,
    const float *restrict gradient, float *restrict m, float *restrict v, uint8_t *restrict moving,
    ck_adamw_step step) {
  ptrdiff_t next = 0;
  for (ptrdiff_t r = 0; r < rows; r++, x += width, m += width, v += width) {
    if (next < count && touched[next] == r) {
      const float *g = gradient + next * width;
      for (ptrdiff_t j = 0; j < width; j++) element(x + j, g[j] * step.scale, m + j, v + j, &step);
      moving[r] = 1;
      next++;
    } else if (moving[r]) {
      uint32_t left = 0;
      for (ptrdiff_t j = 0; j < width; j++) {
        element(x + j, 0.0f, m + j, v + j, &step);
        left |= ck_bits(m[j]) | ck_bits(v[j]);
      }
      moving[r] = (left << 1) != 0;
    } else if (step.decay != 1.0f) {
      for (ptrdiff_t j = 0; j < width; j++) x[j] *= step.decay;
    }
  }
}
