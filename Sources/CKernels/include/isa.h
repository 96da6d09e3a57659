#ifndef CK_ISA_H
#define CK_ISA_H
#include <stddef.h>
#include <stdint.h>

/// The instruction set that `target_clones` chose: "avx512", "avx2" or "portable".
const char *ck_isa(void);

/// For tests: the instruction set whose products this thread computes from now on, at most the processor's own; NULL for
/// that. The other kernels are not concerned.
void ck_force_products(const char *isa);
#endif
