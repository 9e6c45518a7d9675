// Reads and writes values as the contract ABI lays them out: words, strings, bytes, lists of these.

const LIMIT = 100_000;

const isDynamic = (type) => type === "string" || type === "bytes" || /\[\]$/.test(type);

function word(data, at) {
  const digits = data.slice(at * 2, at * 2 + 64);
  if (digits.length !== 64) throw new Error(`data ends at ${at}`);
  return digits;
}

function count(data, at) {
  const value = BigInt("0x" + word(data, at));
  if (value > LIMIT) throw new Error(`length ${value} is too great`);
  return Number(value);
}

function value(type, data, at) {
  const digits = word(data, at);
  if (type === "address") return "0x" + digits.slice(24);
  if (type === "bool") return BigInt("0x" + digits) !== 0n;
  if (/^bytes\d+$/.test(type)) return "0x" + digits.slice(0, 2 * Number(type.slice(5)));
  if (type.startsWith("int")) return BigInt.asIntN(256, BigInt("0x" + digits));
  if (type.startsWith("uint")) return BigInt("0x" + digits);
  throw new Error(`type ${type} is not read here`);
}

function dynamic(type, data, at) {
  const length = count(data, at);
  if (type.endsWith("[]")) {
    const inner = type.slice(0, -2);
    return read(new Array(length).fill(inner), data.slice((at + 32) * 2));
  }
  const digits = data.slice((at + 32) * 2, (at + 32 + length) * 2);
  if (type === "bytes") return "0x" + digits;
  const bytes = new Uint8Array(digits.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? []);
  return new TextDecoder().decode(bytes);
}

function read(types, data) {
  return types.map((type, index) =>
    isDynamic(type) ? dynamic(type, data, count(data, index * 32)) : value(type, data, index * 32));
}

/** The values that lie in 0x-prefixed data; throws if they do not. */
export const decode = (types, data) => read(types, data.replace(/^0x/, ""));

const pad = (digits) => digits.padStart(64, "0");

function single(type, given) {
  if (type === "address") return pad(given.toLowerCase().slice(2));
  return pad(BigInt.asUintN(256, BigInt(given)).toString(16));
}

/** Values laid out for a call; lists may hold single words only. */
export function encode(types, values) {
  let head = "";
  let tail = "";
  types.forEach((type, index) => {
    if (!type.endsWith("[]")) {
      head += single(type, values[index]);
      return;
    }
    head += pad((types.length * 32 + tail.length / 2).toString(16));
    tail += pad(values[index].length.toString(16));
    for (const each of values[index]) tail += single(type.slice(0, -2), each);
  });
  return head + tail;
}
