// What shop calls and events say in words, and in full.

import { h, facts, table } from "./dom.js";
import { callName, decodeCall, decodeLog, fields } from "./contracts.js";
import { accountLink, day, decimal, dollars, money, number } from "./text.js";

const discs = (count) => `${number(count)} ${count === 1n ? "disc" : "discs"}`;

const CALLS = {
  order: (f) => `Order of ${discs(f.discs)}, ${dollars(f.cents)}`,
  register: () => "Customer registers",
  deliver: (f) => `Delivery of ${number(f.purchases.length)} orders`,
  cancel: () => "Order cancelled",
  fund: (f) => `Funding of ${number(f.receivers.length)} accounts`,
  transfer: (f) => `Transfer of ${decimal(f.amount, 6)} MUSD`,
  mint: (f) => `Issue of ${decimal(f.amount, 6)} MUSD`,
  approve: () => "Allowance",
};

/** A transaction in a few words. */
export function summary(transaction) {
  if (!transaction.to) return "Contract created";
  const decoded = decodeCall(transaction.to, transaction.input);
  if (decoded?.isShop && CALLS[decoded.name]) return CALLS[decoded.name](fields(decoded));
  const name = decoded?.name ?? callName(transaction.to, transaction.input);
  if (name) return `Call of ${name}`;
  if (transaction.input === "0x") return `Transfer of ${money(transaction.value)}`;
  return `Call ${transaction.input.slice(0, 10)}`;
}

const MONEY = new Set(["amount", "allowed", "units", "value"]);
const ALL = 2n ** 256n - 1n;

const word = (value) => h("span", { class: "hash" }, String(value));

// The shop's fields have meanings of their own; elsewhere a name says nothing certain.
function shopField(name, value) {
  if (name === "cents") return `${number(value)} (${dollars(value)})`;
  if (name === "day") return day(value);
  if (MONEY.has(name)) return value === ALL ? "without limit" : `${decimal(value, 6)} MUSD`;
  return null;
}

/** A value of a call, an event or an answer. */
export function shown(input, value, isShop = false) {
  if (Array.isArray(value)) return many(input, value, isShop);
  if (input.type === "address") return accountLink(value, true);
  const special = isShop ? shopField(input.name, value) : null;
  if (special) return special;
  if (typeof value === "bigint") return value === ALL ? "the greatest number" : number(value);
  return word(value);
}

function many(input, values, isShop) {
  const most = 200;
  const list = /^(.*)\[\d*\]$/.exec(input.type);
  const part = (index) => list ? { ...input, type: list[1] } : input.components?.[index] ?? { type: "" };
  const label = (index) => !list && input.components?.[index]?.name ? `${input.components[index].name}: ` : null;
  return h("details", { open: values.length <= 4 },
    h("summary", {}, `${number(values.length)} ${values.length === 1 ? "value" : "values"}`),
    h("ol", {}, values.slice(0, most).map((value, index) =>
      h("li", {}, label(index), shown(part(index), value, isShop)))),
    values.length > most ? `and ${number(values.length - most)} more` : null);
}

const listed = (decoded) => decoded.values.length
  ? facts(decoded.values.map((each, index) =>
    [each.name || `argument ${index + 1}`, shown(each, each.value, decoded.isShop)]))
  : h("p", { class: "soft" }, "no arguments");

const raw = (label, data) =>
  h("details", {}, h("summary", {}, `${label}, ${number((data.length - 2) / 2)} bytes`),
    h("pre", { tabindex: "0" }, data));

/** A transaction's input: what it calls, if known, and its bytes. */
export function input(transaction) {
  const decoded = transaction.to && decodeCall(transaction.to, transaction.input);
  return [
    decoded && h("p", {}, h("span", { class: "pill" }, decoded.name)),
    decoded && listed(decoded),
    raw(transaction.to ? "Input" : "Code", transaction.input),
  ];
}

/** A receipt's events. */
export function events(logs) {
  if (logs.length === 0) return h("p", { class: "soft" }, "none");
  const most = 100;
  return [
    ...logs.slice(0, most).map((log) => {
      const decoded = decodeLog(log);
      return h("section", { class: "event" },
        h("p", {}, h("span", { class: decoded ? "pill" : "pill plain" }, decoded?.name ?? "event"),
          " ", accountLink(log.address)),
        decoded ? listed(decoded) : unknown(log));
    }),
    logs.length > most && h("p", { class: "soft" }, `and ${number(logs.length - most)} more`),
  ];
}

const unknown = (log) => [
  table(["Topic", ""], log.topics.map((topic, index) =>
    [String(index), h("span", { class: "hash" }, topic)])),
  log.data === "0x" ? null : raw("Data", log.data),
];

/** The word for an order's stage. */
export const STAGES = ["unknown", "awaiting delivery", "delivered", "cancelled"];
