// How figures, hashes and times are written.

import { h } from "./dom.js";
import { nameOf } from "./contracts.js";

/** A whole number with commas between thousands. */
export const number = (value) => BigInt(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");

/** Cents as dollars. */
export const dollars = (cents) => {
  const amount = BigInt(cents);
  return `$${number(amount / 100n)}.${(amount % 100n).toString().padStart(2, "0")}`;
};

/** A fixed-point number with so many decimals, trailing zeros left out. */
export function decimal(value, decimals) {
  const amount = BigInt(value);
  const unit = 10n ** BigInt(decimals);
  const part = (amount % unit).toString().padStart(decimals, "0").replace(/0+$/, "");
  return number(amount / unit) + (part ? `.${part}` : "");
}

/** Wei as the chain's own money. */
export const money = (wei) => `${decimal(wei, 18)} MRT`;

/** A day written yyyymmdd, with dashes. */
export const day = (value) => String(value).replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");

/** The first and last digits of a hash or address. */
export const short = (hash) => hash.length > 14 ? `${hash.slice(0, 8)}…${hash.slice(-4)}` : hash;

/** How long ago a block's time was; the first block of all may have none. */
export function ago(timestamp) {
  if (Number(timestamp) === 0) return "at the start";
  const seconds = Math.max(0, Math.round(Date.now() / 1000 - Number(timestamp)));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} days ago`;
}

/** A point in time, exactly. */
export const time = (timestamp) => Number(timestamp) === 0 ? "the chain's beginning" :
  new Date(Number(timestamp) * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC");

/** A link to a block. */
export const blockLink = (height) => h("a", { href: `#/block/${BigInt(height)}` }, number(height));

/** A link to a transaction. */
export const transactionLink = (hash, whole = false) =>
  h("a", { class: "hash", href: `#/tx/${hash}`, title: hash }, whole ? hash : short(hash));

/** A link to a token, by the name that it gives itself. */
export function tokenLink(address, facts) {
  const name = facts?.name ?? facts?.symbol;
  return h("a", { class: name ? "" : "hash", href: `#/token/${address}`, title: address },
    name ? (name.length > 32 ? `${name.slice(0, 32)}…` : name) : short(address));
}

/** A link to an account, by its name if it has one. */
export function accountLink(address, whole = false) {
  if (!address) return h("span", { class: "soft" }, "none");
  const name = nameOf(address);
  const label = whole ? address : name ?? short(address);
  return h("a", { class: name && !whole ? "" : "hash", href: `#/account/${address}`, title: address },
    label, whole && name ? ` (${name})` : null);
}
