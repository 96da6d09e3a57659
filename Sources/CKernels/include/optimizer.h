#ifndef CK_OPTIMIZER_H
#define CK_OPTIMIZER_H
#include <stddef.h>
#include <stdint.h>

/// One AdamW step on a tensor; g = scale·gradient.
/// `rest` is 1 − β, taken in double.
///   m = β₁m + rest₁g   v = β₂v + rest₂g²   x = decay·x − rate·m/(√v·root + ε)
void ck_adamw(
    ptrdiff_t n, float *x, const float *gradient, float *m, float *v, float scale, float beta1, float beta2,
    float rest1, float rest2, float rate, float root, float epsilon, float decay);
#endif
