#ifndef CK_CALIBRATION_H
#define CK_CALIBRATION_H
#include <stddef.h>
#include <stdint.h>

/// Floats of scratch memory that `ck_calibrate` works in: 512 KiB.
#define CK_CALIBRATION_FLOATS 131072

/// A fixed piece of work, of about a millisecond; the same steps and the same result on every machine.
uint64_t ck_calibrate(float *scratch);
#endif
