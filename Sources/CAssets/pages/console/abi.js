// Reads and writes values as the contract ABI lays them out: every kind that contracts can have.

const LIMIT = 100_000;

/** What a value is: of an entry of an interface, or of the plain name of a type. */
export function kind(entry) {
  const { type, components } = typeof entry === "string" ? { type: entry } : entry;
  const list = /^(.*)\[(\d*)\]$/.exec(type);
  if (list) {
    const inner = kind({ type: list[1], components });
    const count = list[2] === "" ? null : Number(list[2]);
    return { list: inner, count, moves: count === null || inner.moves, size: count === null || inner.moves ? 32 : inner.size * count };
  }
  if (type === "tuple") {
    const parts = (components ?? []).map(kind);
    const moves = parts.some((part) => part.moves);
    return { parts, names: (components ?? []).map((part) => part.name), moves, size: moves ? 32 : parts.reduce((sum, part) => sum + part.size, 0) };
  }
  return { type, moves: type === "string" || type === "bytes", size: 32 };
}

class Reader {
  constructor(data) {
    this.data = data.replace(/^0x/, "");
    // Offsets may point at the same bytes again and again: what is read in all has an end.
    this.left = 2 * this.data.length + 1024;
  }

  word(at) {
    const digits = this.data.slice(at * 2, at * 2 + 64);
    if (digits.length !== 64) throw new Error(`data ends at ${at}`);
    this.left -= 64;
    if (this.left < 0) throw new Error("the values outgrow the data");
    return digits;
  }

  count(at) {
    const value = BigInt("0x" + this.word(at));
    if (value > LIMIT) throw new Error(`length ${value} is too great`);
    return Number(value);
  }

  many(kinds, base) {
    let head = base;
    return kinds.map((each) => {
      const at = each.moves ? base + this.count(head) : head;
      head += each.size;
      return this.value(each, at);
    });
  }

  value(each, at) {
    if (each.parts) return this.many(each.parts, at);
    if (each.list) {
      const count = each.count ?? this.count(at);
      if (count * 64 > this.left) throw new Error(`length ${count} is too great`);
      return this.many(new Array(count).fill(each.list), each.count === null ? at + 32 : at);
    }
    if (each.moves) {
      const digits = this.data.slice((at + 32) * 2, (at + 32 + this.count(at)) * 2);
      if (each.type === "bytes") return "0x" + digits;
      const bytes = new Uint8Array(digits.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? []);
      return new TextDecoder().decode(bytes);
    }
    return this.single(each.type, this.word(at));
  }

  single(type, digits) {
    if (type === "address") return "0x" + digits.slice(24);
    if (type === "bool") return BigInt("0x" + digits) !== 0n;
    if (/^bytes\d+$/.test(type)) return "0x" + digits.slice(0, 2 * Number(type.slice(5)));
    if (type.startsWith("int")) return BigInt.asIntN(256, BigInt("0x" + digits));
    if (type.startsWith("uint")) return BigInt("0x" + digits);
    throw new Error(`type ${type} is not read here`);
  }
}

/** The values that lie in 0x-prefixed data; throws if they do not. */
export const decode = (types, data) => new Reader(data).many(types.map(kind), 0);

const pad = (digits) => digits.padStart(64, "0");
const padRight = (digits) => digits.padEnd(Math.ceil(digits.length / 64) * 64, "0");
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function single(type, given) {
  if (type === "address") return pad(given.toLowerCase().slice(2));
  if (type === "bool") return pad(given ? "1" : "0");
  if (/^bytes\d+$/.test(type)) return padRight(given.slice(2));
  return pad(BigInt.asUintN(256, BigInt(given)).toString(16));
}

function laid(each, value) {
  if (each.parts) return many(each.parts, value);
  if (each.list) {
    const body = many(new Array(value.length).fill(each.list), value);
    return each.count === null ? pad(value.length.toString(16)) + body : body;
  }
  if (!each.moves) return single(each.type, value);
  const digits = each.type === "bytes" ? value.slice(2) : hex(new TextEncoder().encode(value));
  return pad((digits.length / 2).toString(16)) + padRight(digits);
}

function many(kinds, values) {
  const room = kinds.reduce((sum, each) => sum + each.size, 0);
  let head = "";
  let tail = "";
  kinds.forEach((each, index) => {
    const body = laid(each, values[index]);
    if (each.moves) {
      head += pad((room + tail.length / 2).toString(16));
      tail += body;
    } else head += body;
  });
  return head + tail;
}

/** Values laid out for a call. */
export const encode = (types, values) => many(types.map(kind), values);

const listOf = (text) => {
  const value = typeof text === "string" ? JSON.parse(text) : text;
  if (!Array.isArray(value)) throw new Error("expected a list like [1, 2]");
  return value;
};

function number(type, text) {
  const bits = Number(type.replace(/^u?int/, "") || 256);
  if (typeof text === "number" && !Number.isSafeInteger(text)) throw new Error(`write ${text} in quotes`);
  if (!/^-?\d+$|^0x[0-9a-f]+$/i.test(String(text).trim())) throw new Error(`expected a whole number for ${type}`);
  const value = BigInt(String(text).trim());
  const [least, most] = type.startsWith("u") ? [0n, 2n ** BigInt(bits) - 1n]
    : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  if (value < least || value > most) throw new Error(`${value} does not fit ${type}`);
  return value;
}

/** What somebody wrote as a value of a kind; lists and tuples as JSON. Throws with what is wrong. */
export function parse(each, text) {
  if (each.list) {
    const values = listOf(text);
    if (each.count !== null && values.length !== each.count) throw new Error(`expected ${each.count} values`);
    return values.map((value) => parse(each.list, value));
  }
  if (each.parts) {
    const values = listOf(text);
    if (values.length !== each.parts.length) throw new Error(`expected ${each.parts.length} values`);
    return values.map((value, index) => parse(each.parts[index], value));
  }
  const plain = String(text).trim();
  if (each.type === "string") return String(text);
  if (each.type === "bool") {
    if (!/^(true|false)$/.test(plain)) throw new Error("expected true or false");
    return plain === "true";
  }
  if (each.type === "address") {
    if (!/^0x[0-9a-f]{40}$/i.test(plain)) throw new Error("expected an address: 0x and 40 digits");
    return plain;
  }
  if (each.type.startsWith("bytes")) {
    const size = each.type.slice(5);
    if (!/^0x([0-9a-f]{2})*$/i.test(plain)) throw new Error("expected bytes: 0x and two digits each");
    if (size && plain.length !== 2 + 2 * Number(size)) throw new Error(`expected ${size} bytes`);
    return plain;
  }
  return number(each.type, text);
}
