// The compression function of SHA-256 (NIST, FIPS 180-4), over whole blocks of 64 bytes.

#ifndef SHA256_BLOCKS_H
#define SHA256_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/// Mixes `count` blocks into the eight words of the state, with the processor's own instructions
/// for it where it has them.
void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t count);

/// The same in plain C, for any processor.
void sha256_blocks_portable(uint32_t state[8], const uint8_t *bytes, size_t count);

#endif
