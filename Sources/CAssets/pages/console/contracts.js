// What contracts mean: the shop's, those whose source is verified, and tokens of the known standards.

import { decode, encode } from "./abi.js";
import { find } from "./api.js";
import { keccak } from "./keccak.js";
import { call } from "./rpc.js";

/** Who opens the shop on a development network, with a key that everyone knows. */
export const MERCHANT = "0xb28ad97de401063da777de11335327353d9b3a54";

// The first three contracts of that account: CREATE of nonces 0, 1 and 2.
const PLACES = {
  Dollar: "0x2e40a678a493f406b441ba320b3963fb259ebfbd",
  Orders: "0xd7845726b7c8c1ccc6fc7e1336cd585db499bbdc",
  Disperse: "0x3832f45d3de6bacb86f8680d263b2a5e4ab6e59e",
};

const typeName = (input) => input.type.replace(/^tuple/, `(${(input.components ?? []).map(typeName).join(",")})`);

/** A function's, event's or error's name with the types that it takes. */
export const signature = (entry) => `${entry.name}(${entry.inputs.map(typeName).join(",")})`;

/** A contract with an interface. */
export class Contract {
  constructor(name, abi, address, isShop = false) {
    this.name = name;
    this.address = address?.toLowerCase();
    this.isShop = isShop;
    const of = (type) => abi.filter((entry) => entry.type === type && Array.isArray(entry.inputs));
    this.functions = new Map(of("function").map((f) => [keccak(signature(f)).slice(0, 10), f]));
    this.events = new Map(of("event").filter((e) => !e.anonymous).map((e) => [keccak(signature(e)), e]));
    this.errors = new Map(of("error").map((e) => [keccak(signature(e)).slice(0, 10), e]));
    this.selectors = new Map([...this.functions].map(([selector, f]) => [f.name, selector]));
    this.topics = new Map([...this.events].map(([topic, e]) => [e.name, topic]));
  }

  /** The bytes of a call. */
  data(selector, values) {
    return selector + encode(this.functions.get(selector).inputs, values);
  }

  /** The results of a function that only reads, by name or selector. */
  async read(name, ...values) {
    const selector = this.selectors.get(name) ?? name;
    const { outputs } = this.functions.get(selector);
    const answer = await call("eth_call", { to: this.address, data: this.data(selector, values) }, "latest");
    return decode(outputs, answer);
  }
}

const contracts = new Map();
const known = new Map();

// What every token of a standard has, for those whose source nobody gave.
const entry = (type, name, words, indexed = 0) => ({
  type, name, outputs: [],
  inputs: words.split(" ").map((word, index) => {
    const [kind, label] = word.split(":");
    return { type: kind, name: label, indexed: index < indexed };
  }),
});
const STANDARDS = [
  new Contract("token", [
    entry("event", "Transfer", "address:from address:to uint256:amount", 2),
    entry("event", "Approval", "address:owner address:spender uint256:amount", 2),
    entry("function", "transfer", "address:to uint256:amount"),
    entry("function", "transferFrom", "address:from address:to uint256:amount"),
    entry("function", "approve", "address:spender uint256:amount"),
    entry("function", "mint", "address:to uint256:amount"),
  ]),
  new Contract("token", [
    entry("event", "Transfer", "address:from address:to uint256:item", 3),
    entry("event", "Approval", "address:owner address:spender uint256:item", 3),
    entry("event", "ApprovalForAll", "address:owner address:operator bool:approved", 2),
    entry("event", "TransferSingle", "address:operator address:from address:to uint256:item uint256:amount", 3),
    entry("event", "TransferBatch", "address:operator address:from address:to uint256[]:items uint256[]:amounts", 3),
    entry("function", "safeTransferFrom", "address:from address:to uint256:item"),
    entry("function", "setApprovalForAll", "address:operator bool:approved"),
  ]),
];

/** Fetches the shop's interfaces, once. */
export async function load() {
  await Promise.all(Object.keys(PLACES).map(async (name) => {
    const file = await (await fetch(`/contracts/${name}.json`)).json();
    const made = new Contract(name, file.abi, PLACES[name], true);
    contracts.set(name, made);
    known.set(made.address, made);
  }));
}

/** A contract of the shop by name. */
export const contract = (name) => contracts.get(name);

/** A contract that is known here: the shop's, or a verified one that was asked for before. */
export const at = (address) => known.get(address?.toLowerCase());

/** Asks for the verified interfaces of contracts that are not known yet. */
export async function learn(addresses) {
  const asked = [...new Set(addresses.filter(Boolean).map((each) => each.toLowerCase()))]
    .filter((each) => !known.has(each)).slice(0, 20);
  await Promise.all(asked.map(async (address) => {
    const found = await find(`contracts/${address}`);
    if (found?.verified) known.set(address, new Contract(found.verified.name, found.verified.abi, address));
  }));
}

/** Forgets what was learnt of a contract. */
export const forget = (address) => known.delete(address.toLowerCase());

/** What an address is called; null for a stranger. */
export function nameOf(address) {
  const plain = address.toLowerCase();
  return plain === MERCHANT ? "Merchant" : known.get(plain)?.name ?? null;
}

const named = (inputs, values) =>
  inputs.map((input, index) => ({ ...input, value: values[index] }));

// The contract itself where it is known, else what tokens have in common.
const readers = (address) => [at(address), ...STANDARDS].filter(Boolean);

function first(address, reading) {
  for (const reader of readers(address)) {
    try {
      const found = reading(reader);
      if (found) return { ...found, isShop: reader.isShop };
    } catch {
      // It is not laid out as this interface says: another may fit.
    }
  }
  return null;
}

/** A transaction's call: name and arguments; null if nothing known explains it. */
export const decodeCall = (to, input) => first(to, (reader) => {
  const found = reader.functions.get(input.slice(0, 10));
  return found && { name: found.name, values: named(found.inputs, decode(found.inputs, input.slice(10))) };
});

/** The name of the function that a call begins with; null if nothing known has it. */
export const callName = (to, input) => readers(to)
  .map((reader) => reader.functions.get(input.slice(0, 10))?.name).find(Boolean) ?? null;

/** A log: name and fields, in the order of declaration; null if nothing known explains it. */
export const decodeLog = (log) => first(log.address, (reader) => {
  const found = reader.events.get(log.topics[0]);
  if (!found || found.inputs.filter((input) => input.indexed).length !== log.topics.length - 1) return null;
  const plain = found.inputs.filter((input) => !input.indexed);
  const rest = decode(plain, log.data);
  let mark = 1;
  let field = 0;
  // Of what is indexed and has no fixed size, a topic holds the hash.
  const topic = (input) => /^(string|bytes)$|\]$|^tuple/.test(input.type)
    ? { ...input, type: "bytes32" } : input;
  const values = found.inputs.map((input) => input.indexed
    ? { ...topic(input), value: decode([topic(input)], log.topics[mark++])[0] }
    : { ...input, value: rest[field++] });
  return { name: found.name, values };
});

const REASON = "0x08c379a0";
const PANIC = "0x4e487b71";

/** What a contract said when it reverted, in words; null if it said nothing. */
export function decodeError(address, data) {
  if (!data || data === "0x") return null;
  try {
    if (data.startsWith(REASON)) return decode(["string"], data.slice(10))[0];
    if (data.startsWith(PANIC)) return `panic 0x${decode(["uint256"], data.slice(10))[0].toString(16)}`;
    const found = at(address)?.errors.get(data.slice(0, 10));
    if (found) return `${found.name}(${decode(found.inputs, data.slice(10)).map(String).join(", ")})`;
  } catch {
    // What is not laid out as it should be is shown as it is.
  }
  return data.length > 140 ? `${data.slice(0, 140)}…` : data;
}

/** The fields of a decoded call or log by name. */
export const fields = (decoded) =>
  Object.fromEntries(decoded.values.map(({ name, value }) => [name, value]));
