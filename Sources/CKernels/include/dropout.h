#ifndef CK_DROPOUT_H
#define CK_DROPOUT_H
#include <stddef.h>
#include <stdint.h>

/// y = x·mask/(1 − p), or y += that; element i survives where hash(key, i) ≥ threshold = p·2^32
void ck_dropout(
    ptrdiff_t n, const float *x, uint64_t key, uint32_t threshold, float keep, float *y, int accumulate);
#endif
