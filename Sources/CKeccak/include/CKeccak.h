#ifndef CKECCAK_H
#define CKECCAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Applies Keccak-f[1600] to a state: the word at (x, y) lies at x + 5 y.
void ckeccak_permute(uint64_t state[25]);

/// Whether this processor can hash four messages at once (AVX2).
bool ckeccak_has_lanes(void);

/// Hashes four messages with the original Keccak-256, one in each lane of the processor's vectors.
///
/// All four must fill the same number of 136-byte blocks: their lengths divided by 136 are equal.
/// Writes four hashes of 32 bytes, one after the other. Only where `ckeccak_has_lanes`.
void ckeccak_hash_lanes(const uint8_t *const messages[4], const size_t lengths[4], uint8_t *hashes);

#endif
