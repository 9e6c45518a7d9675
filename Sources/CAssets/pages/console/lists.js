// Lists of the index, page by page, and what their entries look like.

import { h, table } from "./dom.js";
import { get } from "./api.js";
import { learn } from "./contracts.js";
import { summary } from "./acts.js";
import {
  accountLink, ago, blockLink, decimal, money, number, short, time, tokenLink, transactionLink,
} from "./text.js";

const when = (entry) => h("span", { class: "soft", title: time(entry.time) }, ago(entry.time));
const state = (entry) => entry.succeeded ? null : h("span", { class: "pill bad" }, "reverted");

/** How many of a token, as the token writes it. */
export function amount(entry, facts) {
  const symbol = facts?.symbol ?? "";
  const label = symbol.length > 12 ? `${symbol.slice(0, 12)}…` : symbol;
  if (entry.standard !== "ERC-20") {
    const times = entry.amount === "1" ? "" : `${number(entry.amount)} × `;
    return `${times}${label || "token"} #${entry.item?.length > 12 ? short(entry.item) : entry.item}`;
  }
  return `${decimal(entry.amount, facts?.decimals ?? 0)} ${label}`.trim();
}

// A transaction in a few words; what it pays has a column of its own.
const what = (entry) => entry.to && entry.method === "0x" ? "Transfer"
  : summary({ to: entry.to, value: entry.value, input: entry.method });

export const TRANSACTIONS = {
  heads: ["Transaction", "What", "Block", "When", "From", "To", ">Value"],
  cells: (entry) => [
    transactionLink(entry.hash), [what(entry), " ", state(entry)], blockLink(entry.block), when(entry),
    accountLink(entry.from), accountLink(entry.to ?? entry.created), money(entry.value)],
};

export const TRANSFERS = {
  heads: ["Transaction", "When", "From", "To", "Token", ">Amount"],
  cells: (entry, page) => [
    transactionLink(entry.transaction), when(entry), accountLink(entry.from), accountLink(entry.to),
    tokenLink(entry.token, page.tokens[entry.token]), amount(entry, page.tokens[entry.token])],
};

export const TOKENS = {
  heads: ["Token", "Symbol", "Standard", "First moved in block", "Contract"],
  cells: (entry, page) => [
    tokenLink(entry.address, page.tokens[entry.address]), page.tokens[entry.address]?.symbol ?? "",
    entry.standard, blockLink(entry.block), accountLink(entry.address)],
};

export const CONTRACTS = {
  heads: ["Contract", "Created by", "Block", "When", "Transaction"],
  cells: (entry) => [
    accountLink(entry.address), accountLink(entry.creator), blockLink(entry.block), when(entry),
    transactionLink(entry.transaction)],
};

export const HELD = {
  heads: ["Token", "Standard", ">Amount"],
  cells: (entry, page) => [
    tokenLink(entry.token, page.tokens[entry.token]), entry.standard,
    amount(entry, page.tokens[entry.token])],
};

export const BLOCKS = {
  heads: ["Block", "When", ">Transactions", ">Gas used", "Proposer"],
  cells: (entry) => [
    blockLink(entry.number), when(entry), number(entry.transactions), number(entry.gasUsed),
    accountLink(entry.proposer)],
};

/** Shows a list of the index, with a way to what is older; `empty` where nothing is. */
export async function list(place, path, form, empty = "None yet.") {
  let before = [];
  const show = async (cursor) => {
    const joint = path.includes("?") ? "&" : "?";
    let page;
    try {
      page = await get(`${path}${cursor ? `${joint}cursor=${encodeURIComponent(cursor)}` : ""}`);
    } catch (error) {
      const text = error.code === "no_index" ? "This node keeps no index, which lists need: start it with --index=on."
        : `The node did not list them: ${error.message}`;
      return place.replaceChildren(h("p", { class: "note" }, text));
    }
    await learn(page.items.map((entry) => entry.method === "0x" ? null : entry.to));
    if (page.items.length === 0) return place.replaceChildren(h("p", { class: "note" }, empty));
    const step = (label, act, isThere) => h("button", { type: "button", disabled: !isThere, onclick: act }, label);
    place.replaceChildren(
      table(form.heads, page.items.map((entry) => form.cells(entry, page))),
      before.length > 0 || page.next ? h("div", { class: "pager" },
        step("← Newer", () => show(before.pop()), before.length > 0),
        step("Older →", () => {
          before.push(cursor);
          show(page.next);
        }, page.next !== null)) : "");
  };
  await show(null);
}
