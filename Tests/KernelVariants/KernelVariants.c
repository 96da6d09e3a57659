#include "include/KernelVariants.h"

#include <string.h>

// `target_clones` gives each variant a name of its own beside the one that is resolved at run time.
#if defined(__x86_64__) && defined(__linux__)
#define DECLARE(NAME)                                                           \
  extern __typeof__(NAME) NAME##_portable __asm__(#NAME ".default.2");          \
  extern __typeof__(NAME) NAME##_avx2 __asm__(#NAME ".arch_x86-64-v3.0");       \
  extern __typeof__(NAME) NAME##_avx512 __asm__(#NAME ".arch_x86-64-v4.1");
CK_VARIED(DECLARE)
#define PORTABLE(NAME) NAME##_portable,
#define AVX2(NAME) NAME##_avx2,
#define AVX512(NAME) NAME##_avx512,
static const ck_variant variants[] = {
    {"portable", CK_VARIED(PORTABLE)}, {"avx2", CK_VARIED(AVX2)}, {"avx512", CK_VARIED(AVX512)}};
#else
#define ONLY(NAME) NAME,
static const ck_variant variants[] = {{"portable", CK_VARIED(ONLY)}};
#endif

const ck_variant *ck_variants(int *count) {
  *count = 1;
  while (strcmp(variants[*count - 1].name, ck_isa()) != 0) ++*count;
  return variants;
}

#define NAMED(NAME) #NAME " "
const char *ck_varied_names(void) { return CK_VARIED(NAMED); }
