#ifndef CKERNELS_H
#define CKERNELS_H
// One header a kernel family; this umbrella is what Swift imports.
#include "activation.h"
#include "attention.h"
#include "calibration.h"
#include "dropout.h"
#include "elementwise.h"
#include "isa.h"
#include "lstm.h"
#include "normalization.h"
#include "optimizer.h"
#include "panel.h"
#include "pooling.h"
#include "rows.h"
#include "sigmoid.h"
#include "softmax.h"
#include "sparse.h"
#include "vectors.h"
#endif
