#ifndef HUSTINGS_SHA256_H
#define HUSTINGS_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// Takes `count` blocks of 64 bytes into a SHA-256 state (FIPS 180-4, section 6.2.2), with the processor's own instructions
/// where it has them.
void hustings_sha256(uint32_t state[8], const uint8_t *blocks, size_t count);

/// The same without them, on any processor.
void hustings_sha256_portable(uint32_t state[8], const uint8_t *blocks, size_t count);

#endif
