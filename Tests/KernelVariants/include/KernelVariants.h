#ifndef KERNEL_VARIANTS_H
#define KERNEL_VARIANTS_H
#include "CKernels.h"

/// Every kernel that is compiled once for each instruction set.
#define CK_VARIED(X)                                                                                                 \
  X(ck_activate_gelu) X(ck_activate_gelu_slope) X(ck_activate_relu) X(ck_activate_sigmoid) X(ck_activate_tanh)       \
  X(ck_adamw) X(ck_adamw_rows) X(ck_add) X(ck_add_sum_of_squares) X(ck_attention_backward) X(ck_attention_forward)   \
  X(ck_attention_pool) X(ck_attention_pool_backward) X(ck_axpy) X(ck_bag_answer) X(ck_bag_read) X(ck_bag_step)       \
  X(ck_bias_relu) X(ck_binary_cross_entropy) X(ck_column_sums) X(ck_convolution_backward) X(ck_copy_columns)         \
  X(ck_cross_entropy) X(ck_dropout) X(ck_exp) X(ck_gated_gelu) X(ck_gated_gelu_backward) X(ck_gather3)               \
  X(ck_gelu_backward) X(ck_gru_step) X(ck_gru_step_backward) X(ck_layer_norm) X(ck_layer_norm_backward)              \
  X(ck_lstm_step) X(ck_lstm_step_backward) X(ck_max_pool) X(ck_mean_pool) X(ck_mean_pool_backward) X(ck_panel_pack)  \
  X(ck_relu_backward) X(ck_rnn_step) X(ck_rnn_step_backward) X(ck_rotate) X(ck_row_dots) X(ck_row_dots_backward)     \
  X(ck_scale) X(ck_scaled_copy) X(ck_scatter_add) X(ck_sigmoid) X(ck_sigmoid_residual) X(ck_sigmoid_rows_strided)    \
  X(ck_soft_cross_entropy) X(ck_softmax_residual) X(ck_softmax_rows) X(ck_softmax_rows_strided)                      \
  X(ck_sparse_multiply) X(ck_squared_error) X(ck_sum) X(ck_sum_of_squares) X(ck_tanh) X(ck_tanh_backward) X(ck_unit_rows) X(ck_unit_rows_backward)             \
  X(ck_vector_add) X(ck_vector_combine) X(ck_vector_dot) X(ck_vector_max_magnitude) X(ck_vector_scale)

/// The kernels as they are compiled for one instruction set.
typedef struct {
  /// "portable", "avx2" or "avx512", as `ck_isa` has them.
  const char *name;
#define FIELD(NAME) __typeof__(&NAME) NAME;
  CK_VARIED(FIELD)
#undef FIELD
} ck_variant;

/// Of those that this processor has; the first is the portable one. `count` gets their number.
const ck_variant *ck_variants(int *count);
/// Their names, joined by blanks.
const char *ck_varied_names(void);
#endif
