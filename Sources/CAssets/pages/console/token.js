// A token, and the lists of all that the index knows.

import { h, facts, table } from "./dom.js";
import { get } from "./api.js";
import { tabs } from "./account.js";
import { amount, BLOCKS, CONTRACTS, list, TOKENS, TRANSACTIONS, TRANSFERS } from "./lists.js";
import { accountLink, decimal, number, short } from "./text.js";

/** Shows a token. */
export async function token(view, address) {
  let found;
  try {
    found = await get(`tokens/${address}`);
  } catch (error) {
    view.append(h("p", { class: "note" }, error.status === 404
      ? ["No token of this contract ever moved: ", accountLink(address, true)]
      : `The node did not answer: ${error.message}`));
    return;
  }
  const isAlike = found.standard === "ERC-20";
  const share = (entry) => {
    const supply = BigInt(found.supply ?? 0);
    if (!isAlike || supply === 0n) return "";
    const parts = BigInt(entry.amount) * 10_000n / supply;
    return `${decimal(parts, 2)} %`;
  };
  const holders = {
    heads: ["Holder", isAlike ? ">Share" : "Item", ">Amount"],
    cells: (entry) => [accountLink(entry.holder, true),
      isAlike ? share(entry) : `#${entry.item.length > 12 ? short(entry.item) : entry.item}`,
      amount({ ...entry, standard: found.standard }, found)],
  };
  view.append(
    h("h1", {}, found.name ?? "Token", h("small", {}, [found.symbol, found.standard].filter(Boolean).join(" · "))),
    h("section", { class: "card" }, facts([
      ["Contract", accountLink(found.address, true)],
      found.supply && ["Supply", isAlike ? `${decimal(found.supply, found.decimals ?? 0)} ${found.symbol ?? ""}` : number(found.supply)],
      found.decimals !== null && ["Decimals", String(found.decimals)],
      ["Holders", `${number(found.holders)}${found.holders >= 10_000 ? " or more" : ""}`],
      !found.name && ["Name", h("span", { class: "soft" }, "its contract tells none")],
    ])),
    tabs([
      ["Holders", (place) => list(place, `tokens/${address}/holders`, holders, "Nobody has any.")],
      ["Transfers", (place) => list(place, `tokens/${address}/transfers`, TRANSFERS)],
    ], "What is known of the token"));
}

/** Shows what there is: the newest of everything. */
export async function explore(view) {
  const { index, head } = await get("status");
  view.append(h("h1", {}, "Explore"));
  if (index.kept && index.behind > 2) {
    view.append(h("p", { class: "card", role: "status" },
      `The index is ${number(index.behind)} of ${number(head.number + 1)} blocks behind${index.error ? `: ${index.error}` : ""}.`));
  }
  view.append(tabs([
    ["Transactions", (place) => list(place, "transactions", TRANSACTIONS)],
    ["Blocks", (place) => list(place, "blocks", BLOCKS)],
    ["Tokens", (place) => list(place, "tokens", TOKENS)],
    ["Contracts", (place) => list(place, "contracts", CONTRACTS)],
  ], "What there is"));
}

/** Shows what a search found, where that is more than one thing. */
export async function results(view, text) {
  const word = decodeURIComponent(text);
  const { results } = await get(`search?q=${encodeURIComponent(word)}`);
  const pages = { block: "block", transaction: "tx", account: "account", token: "token", contract: "account" };
  view.append(h("h1", {}, `Search for ${word}`));
  view.append(h("section", { class: "card" }, results.length === 0
    ? h("p", { class: "note" }, `Nothing here is called ${word}.`)
    : table(["What", "Name", "Where"], results.map((each) => [each.kind, each.label,
      h("a", { class: "hash", href: `#/${pages[each.kind] ?? "account"}/${each.value}` }, each.value)]))));
}
