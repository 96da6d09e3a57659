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
    m[i] = first;
    v[i] = second;
    x[i] = x[i] * decay - rate * first / (sqrtf(second) * root + epsilon);
  }
}
