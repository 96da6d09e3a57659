#include "include/dropout.h"

#include "vector.h"

CK_CLONES void ck_dropout(
    ptrdiff_t n, const float *restrict x, uint64_t key, uint32_t threshold, float keep, float *restrict y,
    int accumulate) {
  if (accumulate)
    for (ptrdiff_t i = 0; i < n; i++) y[i] += x[i] * ck_mask1(key, (uint32_t)i, threshold, keep);
  else
    for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i] * ck_mask1(key, (uint32_t)i, threshold, keep);
}
