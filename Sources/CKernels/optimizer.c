#include "include/optimizer.h"

#include <math.h>

#include "vector.h"

CK_CLONES void ck_adamw(
    ptrdiff_t n, float *restrict x, const float *restrict gradient, float *restrict m, float *restrict v,
    float scale, float beta1, float beta2, float rest1, float rest2, float rate, float root, float epsilon,
    float decay) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float g = gradient[i] * scale;
    float first = beta1 * m[i] + rest1 * g;
    float second = beta2 * v[i] + rest2 * (g * g);
    // Moments of rows that no longer get a gradient would fade into subnormal numbers, which are a hundred
    // times slower, and stay there. Far above those they no longer move any value.
    first = fabsf(first) < 1e-30f ? 0.0f : first;
    second = second < 1e-36f ? 0.0f : second;
    m[i] = first;
    v[i] = second;
    x[i] = x[i] * decay - rate * first / (sqrtf(second) * root + epsilon);
  }
}
