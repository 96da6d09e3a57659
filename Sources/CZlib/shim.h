#include <zlib.h>

// A macro of zlib that Swift does not see: raw deflate, without zlib's own head and checksum.
static inline int zlib_begin_raw_inflate(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }

// Raw deflate the other way, at the best level and with the largest memory.
static inline int zlib_begin_raw_deflate(z_stream *stream) {
  return deflateInit2(stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
}
