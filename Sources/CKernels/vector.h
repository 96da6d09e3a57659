#ifndef CK_VECTOR_H
#define CK_VECTOR_H
// Private to CKernels: what every kernel family shares. No kernel may let the compiler contract a·b+c or
// reorder a sum, so that the three instruction sets give the same bits.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Here and not among the compiler's flags: whoever builds this gets the same bits.
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define CK_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CK_CLONES
#endif
#define CK_INLINE static inline __attribute__((always_inline))
/// √x by an instruction: sqrtf would set errno, which keeps a loop from being vectorised.
#define ck_sqrt(x) __builtin_elementwise_sqrt(x)

/// Sixteen floats at any float address: one AVX-512 register, two of AVX2, four of SSE or NEON.
typedef float ck_f16 __attribute__((ext_vector_type(16), aligned(4)));
/// Eight doubles, for sums that must not lose digits.
typedef double ck_d8 __attribute__((ext_vector_type(8), aligned(8)));
typedef float ck_f8 __attribute__((ext_vector_type(8), aligned(4)));

typedef float ck_f4 __attribute__((ext_vector_type(4)));
typedef float ck_f2 __attribute__((ext_vector_type(2)));

// The lanes are added in one fixed order, halves onto halves. By pointer, because a vector passed by value
// between functions of different targets has no stable calling convention.
CK_INLINE float ck_sum16(const ck_f16 *v) {
  ck_f8 eight = v->lo + v->hi;
  ck_f4 four = eight.lo + eight.hi;
  ck_f2 two = four.lo + four.hi;
  return two.x + two.y;
}

/// Σ a·b in sixteen lanes, then the rest one after another.
CK_INLINE float ck_dot(ptrdiff_t count, const float *a, const float *b) {
  ck_f16 sums = 0.0f;
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16) sums += *(const ck_f16 *)(a + i) * *(const ck_f16 *)(b + i);
  float sum = ck_sum16(&sums);
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}

/// y += a·x
CK_INLINE void ck_add_scaled(ptrdiff_t count, float a, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += a * x[i];
}

CK_INLINE float ck_max16(const ck_f16 *v) {
  ck_f8 eight = v->lo > v->hi ? v->lo : v->hi;
  ck_f4 four = eight.lo > eight.hi ? eight.lo : eight.hi;
  ck_f2 two = four.lo > four.hi ? four.lo : four.hi;
  return two.x > two.y ? two.x : two.y;
}

CK_INLINE uint32_t ck_bits(float x) {
  uint32_t b;
  memcpy(&b, &x, sizeof b);
  return b;
}

CK_INLINE float ck_float(uint32_t b) {
  float x;
  memcpy(&x, &b, sizeof x);
  return x;
}

/// Splits x into n·ln 2 + r with |r| ≤ ln 2 / 2; gives e^r − 1, and the bits whose low part holds n.
///
/// Adding 1.5·2^23 rounds to the nearest integer without a conversion, so a NaN passes through. ln 2 is
/// taken in two parts, the first with so few bits that n·part is exact (Cody and Waite 1980, chapter 6).
CK_INLINE float ck_expm1_reduced(float x, uint32_t *bits) {
  const float magic = 12582912.0f;
  float shifted = x * 1.44269504f + magic;
  float n = shifted - magic;
  float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  *bits = ck_bits(shifted);
  // Minimax fit of (e^r − 1 − r)/r², weighted by r²: error 3e-9 of e^r.
  float q = 1.3950592838e-3f;
  q = q * r + 8.3689494058e-3f;
  q = q * r + 4.1666205972e-2f;
  q = q * r + 1.6666518152e-1f;
  q = q * r + 0.5f;
  return r + (r * r) * q;
}

/// e^x; 0 below −86.5 (the smallest normal numbers), infinity above 88.73.
CK_INLINE float ck_exp1(float x) {
  uint32_t bits;
  float p = ck_expm1_reduced(x > 89.0f ? 89.0f : x, &bits);
  // 2^(n−1) and a doubling: 2^128 has no bits of its own.
  float power = ck_float((bits + 126u) << 23);
  float e = ((1.0f + p) * 2.0f) * power;
  return x < -86.5f ? 0.0f : e;
}

/// 1/(1 + e^−x).
CK_INLINE float ck_sigmoid1(float x) { return 1.0f / (1.0f + ck_exp1(-x)); }

/// tanh x = m/(m + 2) with m = e^2|x| − 1 taken without cancellation.
CK_INLINE float ck_tanh1(float x) {
  float a = ck_float(ck_bits(x) & 0x7fffffffu);
  a = a > 10.0f ? 10.0f : a;
  uint32_t bits;
  float p = ck_expm1_reduced(a + a, &bits);
  float power = ck_float((bits + 127u) << 23);
  float m = p * power + (power - 1.0f);
  float t = m / (m + 2.0f);
  return ck_float(ck_bits(t) | (ck_bits(x) & 0x80000000u));
}

/// The normal distribution's Φ(x) and density φ(x), from one exponential.
///
/// Φ(−t) = e^(−t²/2)·R(t) with R the Mills ratio over √2π, a polynomial in u = 1/(1 + 0.35 t) fitted to
/// 3e-8 relative on 0 … 13.3; so the lower tail keeps its relative precision.
CK_INLINE float ck_normal1(float x, float *density) {
  float t = ck_float(ck_bits(x) & 0x7fffffffu);
  float e = ck_exp1(-0.5f * (t * t));
  float u = 1.0f / (1.0f + 0.35f * t);
  float p = -0.02911400981247425f;
  p = p * u + 0.1438138484954834f;
  p = p * u - 0.2553822100162506f;
  p = p * u + 0.15878711640834808f;
  p = p * u - 0.022837290540337563f;
  p = p * u + 0.10538967698812485f;
  p = p * u + 0.11986368894577026f;
  p = p * u + 0.1398574858903885f;
  p = p * u + 0.13962166011333466f;
  float tail = e * (p * u);
  *density = e * 0.3989422804f;
  return x < 0.0f ? tail : 1.0f - tail;
}

/// A hash of (key, index): 32 well mixed bits, the same wherever and whenever it is asked.
CK_INLINE uint32_t ck_hash(uint64_t key, uint32_t index) {
  uint32_t x = index * 0x9e3779b1u + (uint32_t)key;
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x += (uint32_t)(key >> 32);
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

/// `keep` where the hash says that element `index` survives dropout, else 0.
CK_INLINE float ck_mask1(uint64_t key, uint32_t index, uint32_t threshold, float keep) {
  return ck_hash(key, index) >= threshold ? keep : 0.0f;
}
#endif
