#ifndef CK_VECTORS_H
#define CK_VECTORS_H
#include <stddef.h>

/// Σ a·b, products and sums in double.
double ck_vector_dot(const float *a, const float *b, ptrdiff_t count);

/// y += scale · x
void ck_vector_add(float *y, float scale, const float *x, ptrdiff_t count);

/// x *= scale
void ck_vector_scale(float *x, float scale, ptrdiff_t count);

/// out = x + scale · y; `out` may be `x` or `y`.
void ck_vector_combine(float *out, const float *x, float scale, const float *y, ptrdiff_t count);

/// The largest |x|; NaN where an element is NaN.
float ck_vector_max_magnitude(const float *x, ptrdiff_t count);

#endif
