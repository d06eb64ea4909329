#include <zlib.h>

// Swift sees neither of the two macros that start a stream, so they are spelled here as functions.

/// Starts inflating; `window_bits` is 15 + 16 for gzip and -15 for a raw deflate stream.
static inline int hustings_start_inflating(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

/// Starts deflating at `level` 0 to 9, with the same meaning of `window_bits`.
static inline int hustings_start_deflating(z_stream *stream, int level, int window_bits) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}
