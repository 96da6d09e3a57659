#include "include/gru.h"

#include "vector.h"

// A row of each third of the gates as an argument of its own, as in lstm.c.

CK_INLINE void forward_row(
    ptrdiff_t h, float *restrict gr, float *restrict gz, float *restrict gn, const float *restrict rr,
    const float *restrict rz, const float *restrict rn, const float *restrict br, const float *restrict bz,
    const float *restrict bx, const float *restrict bh, float *restrict state, float *restrict out,
    float *restrict saved) {
  for (ptrdiff_t j = 0; j < h; j++) {
    float r = ck_sigmoid1((gr[j] + rr[j]) + br[j]);
    float z = ck_sigmoid1((gz[j] + rz[j]) + bz[j]);
    float m = rn[j] + bh[j];
    float n = ck_tanh1((gn[j] + bx[j]) + r * m);
    float y = n + z * (state[j] - n);
    state[j] = y;
    out[j] = y;
    if (saved) {
      gr[j] = r;
      gz[j] = z;
      gn[j] = n;
      saved[j] = m;
    }
  }
}

CK_CLONES void ck_gru_step(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, float *gates, const float *bias,
    const float *recurrent, float *hidden_state, float *output, float *side) {
  const ptrdiff_t h = hidden;
  for (ptrdiff_t r = 0; r < rows; r++) {
    const ptrdiff_t token = tokens[r];
    float *gate = gates + token * 3 * h;
    const float *rec = recurrent + r * 3 * h;
    float *state = hidden_state + r * h, *out = output + token * h;
    if (side)
      forward_row(
          h, gate, gate + h, gate + 2 * h, rec, rec + h, rec + 2 * h, bias, bias + h, bias + 2 * h, bias + 3 * h, state,
          out, side + token * 3 * h + 2 * h);
    else
      forward_row(
          h, gate, gate + h, gate + 2 * h, rec, rec + h, rec + 2 * h, bias, bias + h, bias + 2 * h, bias + 3 * h, state,
          out, NULL);
  }
}

// `before` and `dout` may be the same row of zeros: both are only read.
CK_INLINE void backward_row(
    ptrdiff_t h, float *restrict gr, float *restrict gz, float *restrict gn, float *restrict sr, float *restrict sz,
    float *restrict sn, const float *restrict before, const float *restrict dout, float *restrict dstate,
    float *restrict pr, float *restrict pz, float *restrict pn) {
  for (ptrdiff_t j = 0; j < h; j++) {
    float r = gr[j], z = gz[j], n = gn[j], m = sn[j];
    float dh = dout[j] + dstate[j];
    float dn = dh * (1.0f - z) * (1.0f - n * n);
    float dz = dh * (before[j] - n) * (z * (1.0f - z));
    float dr = dn * m * (r * (1.0f - r));
    float dm = dn * r;
    dstate[j] = dh * z;
    gr[j] = dr;
    gz[j] = dz;
    gn[j] = dn;
    sr[j] = dr;
    sz[j] = dz;
    sn[j] = dm;
    pr[j] = dr;
    pz[j] = dz;
    pn[j] = dm;
  }
}

CK_CLONES void ck_gru_step_backward(
    ptrdiff_t rows, ptrdiff_t hidden, const ptrdiff_t *tokens, const ptrdiff_t *previous, float *gates, float *side,
    const float *output, const float *d_output, float *d_hidden, const float *zero, float *packed) {
  const ptrdiff_t h = hidden;
  for (ptrdiff_t r = 0; r < rows; r++) {
    const ptrdiff_t token = tokens[r];
    float *gate = gates + token * 3 * h, *by = side + token * 3 * h, *pack = packed + r * 3 * h;
    backward_row(
        h, gate, gate + h, gate + 2 * h, by, by + h, by + 2 * h, previous[r] < 0 ? zero : output + previous[r] * h,
        d_output ? d_output + token * h : zero, d_hidden + r * h, pack, pack + h, pack + 2 * h);
  }
}
