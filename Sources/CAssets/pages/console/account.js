// An account or a contract: what it has, what it did, and what can be done with it.

import { h, facts } from "./dom.js";
import { find } from "./api.js";
import { batch } from "./rpc.js";
import { at, contract, learn, nameOf } from "./contracts.js";
import { checksummed } from "./keccak.js";
import { customer, isOpen } from "./customer.js";
import { HELD, list, TRANSACTIONS, TRANSFERS } from "./lists.js";
import { reads, writes } from "./interact.js";
import { source } from "./source.js";
import { accountLink, decimal, money, number, short, transactionLink } from "./text.js";

const card = (name, ...content) => h("section", { class: "card" }, name && h("h2", {}, name), content);

/** Tabs, of which one is shown: pairs of a name and what fills it when it is first opened. */
export function tabs(pairs, label) {
  const buttons = pairs.map(([name], index) => h("button", {
    type: "button", role: "tab", id: `tab-${index}`, "aria-controls": `panel-${index}`,
    onclick: () => open(index), onkeydown: (event) => step(event, index),
  }, name));
  const panels = pairs.map((_, index) => h("div", {
    role: "tabpanel", id: `panel-${index}`, "aria-labelledby": `tab-${index}`, tabindex: "0", hidden: true,
  }));
  const filled = new Set();
  function open(chosen) {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
    if (filled.has(chosen)) return;
    filled.add(chosen);
    Promise.resolve(pairs[chosen][1](panels[chosen])).catch((error) =>
      panels[chosen].replaceChildren(h("p", { class: "note error" }, `The node did not answer: ${error.message}`)));
  }
  function step(event, index) {
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: pairs.length - 1 }[event.key];
    if (to === undefined || !buttons[to]) return;
    event.preventDefault();
    open(to);
    buttons[to].focus();
  }
  open(0);
  return h("section", { class: "card" },
    h("div", { class: "tabs", role: "tablist", "aria-label": label }, buttons), panels);
}

/** Shows an account or a contract. */
export async function account(view, address) {
  const [[balance, nonce, code], known] = await Promise.all([
    batch([["eth_getBalance", address, "latest"], ["eth_getTransactionCount", address, "latest"],
      ["eth_getCode", address, "latest"]]),
    find(`addresses/${address}`), learn([address])]);
  const isContract = code && code !== "0x";
  const open = await isOpen();
  const units = open ? (await contract("Dollar").read("balanceOf", address))[0] : null;
  const reader = isContract ? at(address) : null;
  view.append(
    h("h1", {}, nameOf(address) ?? (isContract ? "Contract" : "Account"), h("small", { class: "hash" }, short(address))),
    card(null, facts([
      ["Address", h("span", { class: "hash" }, checksummed(address))],
      ["Balance", money(balance ?? 0)],
      units !== null && ["Dollars", `${decimal(units, 6)} MUSD`],
      known?.token && ["Token", h("a", { href: `#/token/${address}` }, `${known.token}: holders and transfers`)],
      // A contract's count begins with 1 (EIP-161).
      isContract ? ["Contracts made", number(Math.max(0, Number(nonce ?? 0) - 1))]
        : ["Transactions sent", number(nonce ?? 0)],
      known?.creator && ["Created by", [accountLink(known.creator, true), " in ", transactionLink(known.creation)]],
    ])),
    tabs([
      ["Transactions", (place) => list(place, `addresses/${address}/transactions`, TRANSACTIONS)],
      ["Token transfers", (place) => list(place, `addresses/${address}/transfers`, TRANSFERS)],
      ["Tokens", (place) => list(place, `addresses/${address}/tokens`, HELD, "It has none.")],
      ...isContract ? [
        ["Source", (place) => source(place, address, code)],
        ["Read", (place) => reads(place, reader, address)],
        ["Write", (place) => writes(place, reader, address)],
      ] : [],
    ], "What is known of the account"));
  if (open && !isContract) await customer(view, address);
}
