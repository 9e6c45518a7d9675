// Keccak-f[1600] (FIPS 202, section 3.3): written once, built for each kind of word.
//
// WORD is what a lane of the state is, WITH what the processor must have, PERMUTE the name.
// The loops over the 25 words unroll, so that these live in registers as far as there are any.

WITH static inline __attribute__((always_inline)) WORD TURNED(WORD word, int count) {
    return count == 0 ? word : word << count | word >> (64 - count);
}

WITH static void PERMUTE(WORD a[25]) {
    WORD s[25];
#pragma clang loop unroll(full)
    for (int i = 0; i < 25; i++) s[i] = a[i];
    for (int round = 0; round < 24; round++) {
        WORD b[25], c[5], d[5];
#pragma clang loop unroll(full)
        for (int x = 0; x < 5; x++) c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
#pragma clang loop unroll(full)
        for (int x = 0; x < 5; x++) d[x] = c[(x + 4) % 5] ^ TURNED(c[(x + 1) % 5], 1);
#pragma clang loop unroll(full)
        for (int i = 0; i < 25; i++) {
            int x = i % 5, y = i / 5;
            b[y + 5 * ((2 * x + 3 * y) % 5)] = TURNED(s[i] ^ d[x], turns[i]);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 25; i++) {
            int x = i % 5, row = i - x;
            s[i] = b[i] ^ (~b[row + (x + 1) % 5] & b[row + (x + 2) % 5]);
        }
        s[0] ^= (WORD){} + round_constants[round];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 25; i++) a[i] = s[i];
}

#undef WORD
#undef WITH
#undef PERMUTE
#undef TURNED
