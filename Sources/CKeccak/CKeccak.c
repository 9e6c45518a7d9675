// Keccak-f for processors with more than the rest of the program is built for: Swift cannot do that.
#include "CKeccak.h"

#include <string.h>

// The words that iota adds (FIPS 202, section 3.2.5).
static const uint64_t round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

// How far rho turns the word at x + 5 y (section 3.2.2).
static const int turns[25] = {
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
};

#define WORD uint64_t
#define WITH
#define PERMUTE permute_anywhere
#define TURNED turned_anywhere
#include "Permutation.h"

#if defined(__x86_64__)

#define WORD uint64_t
#define WITH __attribute__((target("bmi,bmi2")))
#define PERMUTE permute_with_bmi
#define TURNED turned_with_bmi
#include "Permutation.h"

// One word of each of four states.
typedef uint64_t Lanes __attribute__((vector_size(32)));

#define WORD Lanes
#define WITH __attribute__((target("avx2")))
#define PERMUTE permute_lanes
#define TURNED turned_lanes
#include "Permutation.h"

void ckeccak_permute(uint64_t state[25]) {
    if (__builtin_cpu_supports("bmi2")) {
        permute_with_bmi(state);
    } else {
        permute_anywhere(state);
    }
}

enum { rate = 136, words = rate / 8 };

// The words of a block are little-endian, and so is this processor.
static inline uint64_t word(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

__attribute__((target("avx2")))
static void absorb(Lanes a[25], const uint8_t *const blocks[4]) {
    for (int i = 0; i < words; i++) {
        a[i] ^= (Lanes){
            word(blocks[0] + 8 * i), word(blocks[1] + 8 * i),
            word(blocks[2] + 8 * i), word(blocks[3] + 8 * i),
        };
    }
    permute_lanes(a);
}

bool ckeccak_has_lanes(void) { return __builtin_cpu_supports("avx2"); }

__attribute__((target("avx2")))
void ckeccak_hash_lanes(
    const uint8_t *const messages[4], const size_t lengths[4], uint8_t *hashes
) {
    Lanes a[25] = {};
    const uint8_t *blocks[4];
    size_t full = lengths[0] / rate;
    for (size_t block = 0; block < full; block++) {
        for (int lane = 0; lane < 4; lane++) blocks[lane] = messages[lane] + block * rate;
        absorb(a, blocks);
    }
    uint8_t last[4][rate] = {};
    for (int lane = 0; lane < 4; lane++) {
        size_t rest = lengths[lane] - full * rate;
        if (rest > 0) memcpy(last[lane], messages[lane] + full * rate, rest);
        last[lane][rest] ^= 0x01;
        last[lane][rate - 1] ^= 0x80;
        blocks[lane] = last[lane];
    }
    absorb(a, blocks);
    for (int lane = 0; lane < 4; lane++) {
        for (int i = 0; i < 4; i++) {
            uint64_t value = a[i][lane];
            memcpy(hashes + 32 * lane + 8 * i, &value, sizeof value);
        }
    }
}

#else

void ckeccak_permute(uint64_t state[25]) { permute_anywhere(state); }

bool ckeccak_has_lanes(void) { return false; }

void ckeccak_hash_lanes(
    const uint8_t *const messages[4], const size_t lengths[4], uint8_t *hashes
) {}

#endif
