// The shop's contracts: where they stand, and what calls and events of theirs mean.

import { decode, encode } from "./abi.js";
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

class Contract {
  constructor(name, abi) {
    this.name = name;
    this.address = PLACES[name];
    const typed = (entry) => ({ ...entry, types: entry.inputs.map((input) => input.type) });
    const signature = (entry) => `${entry.name}(${entry.types.join(",")})`;
    const of = (type) => abi.filter((entry) => entry.type === type).map(typed);
    this.functions = new Map(of("function").map((f) => [keccak(signature(f)).slice(0, 10), f]));
    this.events = new Map(of("event").map((e) => [keccak(signature(e)), e]));
    this.selectors = new Map([...this.functions].map(([selector, f]) => [f.name, selector]));
    this.topics = new Map([...this.events].map(([topic, e]) => [e.name, topic]));
  }

  /** The results of a function that only reads. */
  async read(name, ...values) {
    const selector = this.selectors.get(name);
    const { types, outputs } = this.functions.get(selector);
    const data = selector + encode(types, values);
    const answer = await call("eth_call", { to: this.address, data }, "latest");
    return decode(outputs.map((output) => output.type), answer);
  }
}

const contracts = new Map();

/** Fetches the interfaces, once. */
export async function load() {
  await Promise.all(Object.keys(PLACES).map(async (name) => {
    const file = await (await fetch(`/contracts/${name}.json`)).json();
    contracts.set(name, new Contract(name, file.abi));
  }));
}

/** A contract of the shop by name. */
export const contract = (name) => contracts.get(name);

const at = (address) =>
  [...contracts.values()].find((each) => each.address === address?.toLowerCase());

/** What an address is called; null for a stranger. */
export function nameOf(address) {
  if (address.toLowerCase() === MERCHANT) return "Merchant";
  return Object.keys(PLACES).find((name) => PLACES[name] === address.toLowerCase()) ?? null;
}

const named = (inputs, values) =>
  inputs.map((input, index) => ({ name: input.name, type: input.type, value: values[index] }));

/** A transaction's call, if it is to the shop: name and arguments. */
export function decodeCall(to, input) {
  const found = at(to)?.functions.get(input.slice(0, 10));
  if (!found) return null;
  try {
    return { name: found.name, values: named(found.inputs, decode(found.types, input.slice(10))) };
  } catch {
    return null;
  }
}

/** A log of the shop: name and fields, in the order of declaration. */
export function decodeLog(log) {
  const found = at(log.address)?.events.get(log.topics[0]);
  if (!found) return null;
  try {
    const plain = found.inputs.filter((input) => !input.indexed);
    const rest = decode(plain.map((input) => input.type), log.data);
    let mark = 1;
    let field = 0;
    const values = found.inputs.map((input) =>
      input.indexed ? decode([input.type], log.topics[mark++])[0] : rest[field++]);
    return { name: found.name, values: named(found.inputs, values) };
  } catch {
    return null;
  }
}

/** The fields of a decoded call or log by name. */
export const fields = (decoded) =>
  Object.fromEntries(decoded.values.map(({ name, value }) => [name, value]));
