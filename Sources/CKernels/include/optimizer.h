#ifndef CK_OPTIMIZER_H
#define CK_OPTIMIZER_H
#include <stddef.h>
#include <stdint.h>

/// What one AdamW step is made of; `rest` is 1 − β, taken in double.
typedef struct {
  float scale, beta1, beta2, rest1, rest2, rate, root, epsilon, decay;
} ck_adamw_step;

/// One AdamW step on a tensor; g = scale·gradient.
///   m = β₁m + rest₁g   v = β₂v + rest₂g²   x = decay·x − rate·m/(√v·root + ε)
void ck_adamw(ptrdiff_t n, float *x, const float *gradient, float *m, float *v, ck_adamw_step step);

/// The same step, bit for bit, on a table `[rows, width]` whose gradient is 0 but in the `count` ascending rows of
/// `touched`; `gradient` is `[count, width]`. `moving` says which rows have moments other than 0, before and after:
/// the others only decay.
void ck_adamw_rows(
    ptrdiff_t rows, ptrdiff_t width, float *x, ptrdiff_t count, const int32_t *touched, const float *gradient, float *m,
    float *v, uint8_t *moving, ck_adamw_step step);
#endif
