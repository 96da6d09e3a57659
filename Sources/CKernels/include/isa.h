#ifndef CK_ISA_H
#define CK_ISA_H
#include <stddef.h>
#include <stdint.h>

/// The instruction set that `target_clones` chose: "avx512", "avx2" or "portable".
const char *ck_isa(void);
#endif
