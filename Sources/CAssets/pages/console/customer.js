// A customer of the shop: what it bought.

import { h, facts, table } from "./dom.js";
import { call } from "./rpc.js";
import { contract, decodeLog, fields } from "./contracts.js";
import { day, dollars, number, transactionLink } from "./text.js";
import { STAGES } from "./acts.js";

const card = (name, ...content) => h("section", { class: "card" }, name && h("h2", {}, name), content);
const wide = (address) => "0x" + address.toLowerCase().slice(2).padStart(64, "0");

// A customer's orders from the shop's events, newest first.
async function purchases(address) {
  const orders = contract("Orders");
  const topics = ["Ordered", "Delivered", "Cancelled"].map((name) => orders.topics.get(name));
  // A node looks through so many blocks at a time, and no more.
  const head = BigInt(await call("eth_blockNumber"));
  const first = head > 99_000n ? head - 99_000n : 0n;
  const logs = await call("eth_getLogs", {
    address: orders.address, fromBlock: `0x${first.toString(16)}`, toBlock: "latest",
    topics: [topics, wide(address)],
  });
  const found = new Map();
  for (const log of logs) {
    const decoded = decodeLog(log);
    if (!decoded) continue;
    const values = fields(decoded);
    if (decoded.name === "Ordered") found.set(values.purchase, { ...values, stage: 1, log });
    else if (found.has(values.purchase)) {
      found.get(values.purchase).stage = decoded.name === "Delivered" ? 2 : 3;
    }
  }
  return [...found.values()].reverse();
}

/** Shows what an account bought, if it is a customer. */
export async function customer(view, address) {
  const orders = contract("Orders");
  const [order, count, discs, cents, first, last] = await orders.read("customer", address);
  if (order === 0n) return;
  const place = h("div", {}, h("p", { class: "note" }, "Looking for the orders…"));
  view.append(card("Customer of the shop", facts([
    ["Number", number(order)],
    ["Purchases", number(count)],
    ["Discs", number(discs)],
    ["Paid", dollars(cents)],
    first > 0n && ["First and last", `${day(first)} to ${day(last)}`],
  ])), card("Orders", place));
  try {
    const list = await purchases(address);
    place.replaceChildren(list.length === 0 ? h("p", { class: "note" }, "None yet.") : table(
      ["Day", "Purchase", "Discs", ">Price", "State", "Transaction"],
      list.map((each) => [day(each.day), number(each.purchase), number(each.discs), dollars(each.cents),
        h("span", { class: each.stage === 3 ? "pill bad" : each.stage === 2 ? "pill" : "pill plain" }, STAGES[each.stage]),
        transactionLink(each.log.transactionHash)])));
  } catch (error) {
    place.replaceChildren(h("p", { class: "note error" }, `The node did not list them: ${error.message}`));
  }
}

/** Whether the shop stands on this chain. */
export async function isOpen() {
  const code = await call("eth_getCode", contract("Orders").address, "latest");
  return Boolean(code) && code !== "0x";
}
