// One block, one transaction, one account: everything that the node knows of it.

import { h, facts, table } from "./dom.js";
import { batch, call } from "./rpc.js";
import { contract, decodeLog, fields, nameOf } from "./contracts.js";
import { checksummed } from "./keccak.js";
import {
  accountLink, ago, blockLink, day, decimal, dollars, money, number, short, time, transactionLink,
} from "./text.js";
import { events, input, STAGES, summary } from "./acts.js";

const PAGE = 50;
const hash = (value) => h("span", { class: "hash" }, value);
const title = (what, of) => h("h1", {}, what, h("small", { class: "hash" }, of));
const card = (name, ...content) => h("section", { class: "card" }, name && h("h2", {}, name), content);
const gwei = (wei) => `${decimal(wei, 9)} gwei`;
const nothing = (view, ...text) => view.append(h("p", { class: "note" }, text));

/** Shows a block by number or hash. */
export async function block(view, name) {
  const found = name.startsWith("0x")
    ? await call("eth_getBlockByHash", name, false)
    : await call("eth_getBlockByNumber", "0x" + BigInt(name).toString(16), false);
  if (!found) {
    const head = BigInt(await call("eth_blockNumber"));
    return nothing(view, "There is no such block here: ", h("span", { class: "hash" }, name),
      ". The newest is ", blockLink(head), ".");
  }
  const height = BigInt(found.number);
  const list = h("div", {});
  view.append(
    title(`Block ${number(height)}`, short(found.hash)),
    card(null, facts([
      ["Time", height > 0n ? `${time(found.timestamp)} (${ago(found.timestamp)})` : time(found.timestamp)],
      ["Transactions", number(found.transactions.length)],
      ["Gas used", `${number(found.gasUsed)} of ${number(found.gasLimit)}`],
      ["Base fee", gwei(found.baseFeePerGas ?? 0)],
      ["Proposer", accountLink(found.miner, true)],
      ["Hash", hash(found.hash)],
      ["Parent", h("a", { class: "hash", href: `#/block/${found.parentHash}` }, found.parentHash)],
      ["State root", hash(found.stateRoot)],
      ["Size", `${number(found.size ?? 0)} bytes`],
    ]), h("div", { class: "pager" },
      height > 0n && h("a", { href: `#/block/${height - 1n}` }, "← Before"),
      h("a", { href: `#/block/${height + 1n}` }, "After →"))),
    card("Transactions", list));
  await pages(list, found.transactions);
}

async function pages(place, hashes, start = 0) {
  if (hashes.length === 0) return nothing(place, "None.");
  const some = hashes.slice(start, start + PAGE);
  const found = await batch(some.map((each) => ["eth_getTransactionByHash", each]));
  const step = (label, to) => h("button", {
    type: "button",
    disabled: to < 0 || to >= hashes.length,
    onclick: () => pages(place, hashes, to),
  }, label);
  place.replaceChildren(
    table(["Transaction", "What", "From", "To"], found.filter(Boolean).map((each) => [
      transactionLink(each.hash), summary(each), accountLink(each.from), accountLink(each.to)])),
    hashes.length > PAGE ? h("div", { class: "pager" }, step("Earlier", start - PAGE),
      step("Later", start + PAGE),
      h("span", { class: "soft" }, `${start + 1} to ${start + some.length} of ${number(hashes.length)}`)) : "");
}

/** Shows a transaction. */
export async function transaction(view, name) {
  const [found, receipt] = await batch([
    ["eth_getTransactionByHash", name], ["eth_getTransactionReceipt", name]]);
  if (!found) {
    return nothing(view, "There is no such transaction here: ", h("span", { class: "hash" }, name), ".");
  }
  const done = receipt && BigInt(receipt.status) === 1n;
  view.append(
    title(summary(found), short(found.hash)),
    card(null, facts([
      ["State", !receipt ? h("span", { class: "pill plain" }, "waiting")
        : h("span", { class: done ? "pill" : "pill bad" }, done ? "final" : "reverted")],
      ["Hash", hash(found.hash)],
      receipt && ["Block", blockLink(receipt.blockNumber)],
      ["From", accountLink(found.from, true)],
      ["To", found.to ? accountLink(found.to, true) : "a new contract"],
      receipt?.contractAddress && ["Contract", accountLink(receipt.contractAddress, true)],
      ["Value", money(found.value)],
      receipt && ["Gas used", `${number(receipt.gasUsed)} of ${number(found.gas)}`],
      receipt && ["Fee", `${money(BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice))} at ${gwei(receipt.effectiveGasPrice)}`],
      ["Nonce", number(found.nonce)],
      ["Type", String(BigInt(found.type ?? 0))],
    ])),
    found.input !== "0x" ? card(found.to ? "Call" : "Code", input(found)) : "",
    card("Events", receipt ? events(receipt.logs) : h("p", { class: "soft" }, "not yet")));
}

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

async function customer(view, address) {
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

// What a known contract tells without being asked anything in particular.
async function readings(found) {
  const plain = [...found.functions.values()].filter((each) =>
    each.types.length === 0 && ["view", "pure"].includes(each.stateMutability));
  const rows = await Promise.all(plain.map(async (each) => {
    const values = await found.read(each.name).catch(() => ["unreadable"]);
    return [each.name, values.map((value, index) =>
      [index > 0 && ", ", each.outputs[index].type === "address" ? accountLink(value) : String(value)])];
  }));
  return table(["Function", "Says now"], rows);
}

/** Shows an account or a contract. */
export async function account(view, address) {
  const [balance, nonce, code] = await batch([
    ["eth_getBalance", address, "latest"], ["eth_getTransactionCount", address, "latest"],
    ["eth_getCode", address, "latest"]]);
  const isContract = code && code !== "0x";
  const known = nameOf(address);
  const open = await isOpen();
  const units = open ? (await contract("Dollar").read("balanceOf", address))[0] : null;
  view.append(
    title(known ?? (isContract ? "Contract" : "Account"), short(address)),
    card(null, facts([
      ["Address", hash(checksummed(address))],
      ["Balance", money(balance ?? 0)],
      units !== null && ["Dollars", `${decimal(units, 6)} MUSD`],
      [isContract ? "Contracts made" : "Transactions sent", number(nonce ?? 0)],
      isContract && ["Code", h("details", {}, h("summary", {}, `${number((code.length - 2) / 2)} bytes`),
        h("pre", { tabindex: "0" }, code))],
    ])));
  if (open && isContract && known && contract(known)) {
    view.append(card("Reads", await readings(contract(known))));
  }
  if (open && !isContract) await customer(view, address);
}

/** Whether the shop stands on this chain. */
export async function isOpen() {
  const code = await call("eth_getCode", contract("Orders").address, "latest");
  return Boolean(code) && code !== "0x";
}
