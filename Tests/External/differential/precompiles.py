"""Inputs for the precompiled contracts: good ones, and what lies just beside them."""

from case import word

BN_P = 21888242871839275222246405745257275088696311157297823662689037894645226208583
BN_N = 21888242871839275222246405745257275088548364400416034343698204186575808495617
BN_G2 = (
    11559732032986387107991004021392285783925812861821192530917403151452391805634,
    10857046999023057135944570762232829481370756359578518086990519993285655852781,
    4082367875863433681332203403145435568316851327593401208105741076214120093531,
    8495653923123431417604973247489272438418190587263600148770280649306958101930,
)
BLS_P = int(
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab",
    16,
)
BLS_G1 = (
    int("17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb", 16),
    int("08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1", 16),
)
BLS_G2 = tuple(int(part, 16) for part in (
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8",
    "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e",
    "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801",
    "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be",
))  # fmt: skip
P256_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P256_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
K1_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def bls_field(value):
    return value.to_bytes(64, "big")


def ecrecover(random, _):
    return word(random.getrandbits(256)) + word(random.choice((27, 28, 27, 28, 0, 1, 29, 2**255))) + word(
        random.choice((random.getrandbits(255), 1, 0, K1_N, K1_N - 1))
    ) + word(random.choice((random.getrandbits(255), 1, 0, K1_N, K1_N - 1)))  # fmt: skip


def anything(random, _):
    return random.randbytes(random.choice((0, 1, 31, 32, 33, 55, 56, 63, 64, 65, 127, 128, 200)))


def modexp(random, _):
    lengths = [random.choice((0, 1, 2, 8, 31, 32, 33, 40, 64, 65)) for _ in range(3)]
    if random.random() < 0.1:
        lengths[random.randrange(3)] = random.choice((1023, 1024, 1025, 2**32, 2**64, 2**255))
    body = b"".join(
        random.choice((bytes, random.randbytes, lambda n: b"\xff" * n, lambda n: bytes(n - 1) + b"\x03"))(n)
        for n in lengths if 0 < n < 2000
    )  # fmt: skip
    return b"".join(map(word, lengths)) + body


def bn_point(random):
    return random.choice((
        word(0) * 2, word(1) + word(2), word(1) + word(BN_P - 2), word(1) + word(3),
        word(BN_P) + word(0), word(BN_P + 1) + word(2),
        word(0x030644E72E131A029B85045B68181585D97816A916871CA8D3C208C16D87CFD3)
        + word(0x15ED738C0E0A7C92E7845F96B2AE9C0A68A6A449E3538FC7FF3EBF7A5A18A2C4),
    ))  # fmt: skip


def bn_add(random, _):
    return bn_point(random) + bn_point(random)


def bn_mul(random, _):
    return bn_point(random) + word(random.choice((0, 1, 2, BN_N, BN_N - 1, random.getrandbits(256))))


def bn_pairing(random, heavy):
    if not heavy:
        outside = word(1) + word(2) + word(0) * 3 + word(1)
        return random.choice((b"", word(0) * 6, word(1) * 6, word(0) * 12, bytes(191), outside))
    g2 = b"".join(map(word, BN_G2))
    good = word(1) + word(2) + g2 + word(1) + word(BN_P - 2) + g2
    return random.choice((good, good[:192], word(0) * 2 + g2 + good[192:]))


def blake2f(random, _):
    rounds = random.choice((0, 1, 12, 300, 2**32 - 1)).to_bytes(4, "big")
    return rounds + random.randbytes(208) + bytes([random.choice((0, 1, 0, 1, 2))])


def kzg(random, heavy):
    if not heavy:
        return random.choice((random.randbytes(192), bytes(192), bytes(191), b"\x01" + random.randbytes(191)))
    # The commitment to the polynomial that is zero everywhere, which is zero at any point.
    import hashlib

    infinity = b"\xc0" + bytes(47)
    hash = b"\x01" + hashlib.sha256(infinity).digest()[1:]
    value = word(random.choice((0, 0, 1)))
    return hash + word(random.choice((0, 1, 2, 2**255))) + value + infinity + infinity


def g1(random):
    x, y = BLS_G1
    return random.choice((
        bytes(128), bls_field(x) + bls_field(y), bls_field(x) + bls_field(BLS_P - y),
        bls_field(x) + bls_field(y + 1), bls_field(BLS_P) + bls_field(0), b"\x01" + bytes(127),
        bls_field(0) + bls_field(2),
    ))  # fmt: skip


def g2(random):
    x0, x1, y0, y1 = BLS_G2
    good = b"".join(map(bls_field, BLS_G2))
    negative = b"".join(map(bls_field, (x0, x1, BLS_P - y0, BLS_P - y1)))
    bad = b"".join(map(bls_field, (x0, x1, y1, y0)))
    return random.choice((bytes(256), good, good, negative, bad))


def scalar(random):
    return word(random.choice((0, 1, 2, random.getrandbits(256))))


def bls_pairing(random, heavy):
    if not heavy:
        return random.choice((b"", bytes(384), bytes(383), g1(random) + bytes(256), bytes(128) + g2(random)))
    x, y = BLS_G1
    pair = b"".join(map(bls_field, BLS_G2))
    return bls_field(x) + bls_field(y) + pair + bls_field(x) + bls_field(BLS_P - y) + pair


def p256(random, _):
    x, y = P256_G
    # With the generator as key, any u1 and u2 give a good signature over a hash made for it.
    r = s = h = random.getrandbits(255)
    if random.random() < 0.6:
        # k = 1: r is the generator's x, and s = h + r.
        r, h = x % P256_N, random.getrandbits(255)
        s = (h + r) % P256_N
    if random.random() < 0.2:
        r, s = random.choice(((0, s), (r, 0), (P256_N, s), (r, P256_N), (r, P256_N - s)))
    key = random.choice((word(x) + word(y),) * 5 + (word(x) + word(P256_P - y), word(0) * 2, word(P256_P) + word(y)))
    input = word(h) + word(r) + word(s) + key
    return input if random.random() < 0.9 else input[:-1]


# address: the maker of inputs, and whether its good inputs are slow for the specification.
INPUTS = {
    1: ecrecover, 2: anything, 3: anything, 4: anything, 5: modexp, 6: bn_add, 7: bn_mul,
    8: bn_pairing, 9: blake2f, 10: kzg,
    11: lambda random, _: g1(random) + g1(random),
    12: lambda random, _: b"".join(g1(random) + scalar(random) for _ in range(random.randrange(4))),
    13: lambda random, _: g2(random) + g2(random),
    14: lambda random, _: b"".join(g2(random) + scalar(random) for _ in range(random.randrange(3))),
    15: bls_pairing,
    16: lambda random, _: random.choice((bls_field(random.getrandbits(380)), bls_field(BLS_P), bytes(63))),
    17: lambda random, _: bls_field(random.getrandbits(380)) + bls_field(random.choice((0, 1, BLS_P, BLS_P - 1))),
    0x100: p256,
}  # fmt: skip


def input_for(number, random, heavy):
    """An input for a precompile, mostly of the right length."""
    made = INPUTS[number](random, heavy)
    chance = random.random()
    if chance < 0.04:
        made = made[: random.randrange(len(made) + 1)]
    elif chance < 0.08:
        made += random.randbytes(random.randrange(1, 40))
    return made
