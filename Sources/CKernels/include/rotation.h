#ifndef CK_ROTATION_H
#define CK_ROTATION_H
#include <stddef.h>
#include <stdint.h>

/// Rotates the queries and keys of qkv [rows, 3·heads·width], q | k | v with the heads side by side in each.
///
/// Elements j and j + width/2 of a head turn by the angle of which the tables [positions, width/2] have cosine and sine
/// in row `positions[r]`; `sign` −1 turns back.
void ck_rotate(
    ptrdiff_t rows, ptrdiff_t heads, ptrdiff_t width, const int32_t *positions, const float *cosines,
    const float *sines, float sign, float *qkv);
#endif
