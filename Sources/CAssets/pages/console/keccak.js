// Keccak-256 as Ethereum uses it: for selectors, topics and the case of addresses.

const MASK = (1n << 64n) - 1n;
const ROUNDS = [
  0x1n, 0x8082n, 0x800000000000808an, 0x8000000080008000n, 0x808bn, 0x80000001n,
  0x8000000080008081n, 0x8000000000008009n, 0x8an, 0x88n, 0x80008009n, 0x8000000an, 0x8000808bn,
  0x800000000000008bn, 0x8000000000008089n, 0x8000000000008003n, 0x8000000000008002n,
  0x8000000000000080n, 0x800an, 0x800000008000000an, 0x8000000080008081n, 0x8000000000008080n,
  0x80000001n, 0x8000000080008008n,
];
const TURNS = [
  0n, 1n, 62n, 28n, 27n, 36n, 44n, 6n, 55n, 20n, 3n, 10n, 43n, 25n, 39n, 41n, 45n, 15n, 21n, 8n,
  18n, 2n, 61n, 56n, 14n,
];

const turn = (word, by) => by ? ((word << by) | (word >> (64n - by))) & MASK : word;

function permute(lanes) {
  for (const constant of ROUNDS) {
    const parity = [0, 1, 2, 3, 4].map((x) =>
      lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20]);
    const moved = new Array(25);
    for (let x = 0; x < 5; x++) {
      const mixed = parity[(x + 4) % 5] ^ turn(parity[(x + 1) % 5], 1n);
      for (let y = 0; y < 5; y++) {
        moved[y + 5 * ((2 * x + 3 * y) % 5)] = turn(lanes[x + 5 * y] ^ mixed, TURNS[x + 5 * y]);
      }
    }
    for (let y = 0; y < 25; y += 5) {
      for (let x = 0; x < 5; x++) {
        lanes[x + y] = moved[x + y] ^ (~moved[(x + 1) % 5 + y] & MASK & moved[(x + 2) % 5 + y]);
      }
    }
    lanes[0] ^= constant;
  }
}

/** The hash of a text's UTF-8 bytes, as 0x and 64 digits. */
export function keccak(text) {
  const bytes = new TextEncoder().encode(text);
  const rate = 136;
  const padded = new Uint8Array((Math.floor(bytes.length / rate) + 1) * rate);
  padded.set(bytes);
  padded[bytes.length] ^= 1;
  padded[padded.length - 1] ^= 128;
  const words = new DataView(padded.buffer);
  const lanes = new Array(25).fill(0n);
  for (let start = 0; start < padded.length; start += rate) {
    for (let lane = 0; lane < rate / 8; lane++) {
      lanes[lane] ^= words.getBigUint64(start + lane * 8, true);
    }
    permute(lanes);
  }
  const output = new DataView(new ArrayBuffer(32));
  for (let lane = 0; lane < 4; lane++) output.setBigUint64(lane * 8, lanes[lane], true);
  let hash = "0x";
  for (let index = 0; index < 32; index++) {
    hash += output.getUint8(index).toString(16).padStart(2, "0");
  }
  return hash;
}

/** An address with its checksum in the case of its letters (EIP-55). */
export function checksummed(address) {
  const digits = address.toLowerCase().slice(2);
  const hash = keccak(digits).slice(2);
  return "0x" + [...digits].map((digit, index) =>
    parseInt(hash[index], 16) >= 8 ? digit.toUpperCase() : digit).join("");
}
