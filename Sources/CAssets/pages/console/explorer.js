// One block and one transaction: everything that the node knows of them.

import { h, facts, table } from "./dom.js";
import { find } from "./api.js";
import { batch, call } from "./rpc.js";
import { decodeError, learn } from "./contracts.js";
import {
  accountLink, ago, blockLink, decimal, money, number, short, time, tokenLink, transactionLink,
} from "./text.js";
import { amount } from "./lists.js";
import { events, input, summary } from "./acts.js";

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
  await learn(found.map((each) => each?.input === "0x" ? null : each?.to));
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

// The calls within a transaction, as a tree; only so deep and so many.
function calls(frame, left, depth = 0) {
  if (left.count-- <= 0 || depth > 16) return null;
  const value = BigInt(frame.value ?? 0);
  return h("li", {},
    h("span", { class: frame.error ? "pill bad" : "pill plain" }, frame.type.toLowerCase()), " ",
    frame.to ? accountLink(frame.to) : "a new contract", " ",
    frame.input && frame.input !== "0x" && !frame.type.startsWith("CREATE")
      ? h("code", {}, summary({ to: frame.to, input: frame.input, value: 0 }).replace(/^Call (of )?/, "")) : null,
    value > 0n ? ` ${money(value)}` : null,
    h("span", { class: "soft" }, ` ${number(frame.gasUsed)} gas`),
    frame.error ? h("span", { class: "error" }, ` ${decodeError(frame.to, frame.output) ?? frame.error}`) : null,
    frame.calls?.length ? h("ol", { class: "tree" }, frame.calls.map((each) => calls(each, left, depth + 1))) : null);
}

const movements = (found) => table(["Token", "From", "To", ">Amount"], found.transfers.map((each) => [
  tokenLink(each.token, found.tokens[each.token]), accountLink(each.from), accountLink(each.to),
  amount(each, found.tokens[each.token])]));

/** Shows a transaction. */
export async function transaction(view, name) {
  const [found, receipt] = await batch([
    ["eth_getTransactionByHash", name], ["eth_getTransactionReceipt", name]]);
  if (!found) {
    return nothing(view, "There is no such transaction here: ", h("span", { class: "hash" }, name), ".");
  }
  const done = receipt && BigInt(receipt.status) === 1n;
  const isPlain = found.to && found.input === "0x" && receipt?.logs.length === 0 && done;
  const [indexed, trace] = receipt && !isPlain ? await Promise.all([
    find(`transactions/${name}`),
    call("debug_traceTransaction", name, { tracer: "callTracer" }).catch(() => null),
    learn([found.to, ...receipt.logs.map((log) => log.address)])]) : [null, null];
  const reason = !done && trace ? decodeError(found.to, trace.output) ?? trace.error : null;
  view.append(
    title(summary(found), short(found.hash)),
    card(null, facts([
      ["State", !receipt ? h("span", { class: "pill plain" }, "waiting")
        : h("span", { class: done ? "pill" : "pill bad" }, done ? "final" : "reverted")],
      reason && ["Reason", h("span", { class: "error" }, reason)],
      ["Hash", hash(found.hash)],
      receipt && ["Block", blockLink(receipt.blockNumber)],
      indexed && ["Time", `${time(indexed.time)} (${ago(indexed.time)})`],
      ["From", accountLink(found.from, true)],
      ["To", found.to ? accountLink(found.to, true) : "a new contract"],
      receipt?.contractAddress && ["Contract", accountLink(receipt.contractAddress, true)],
      ["Value", money(found.value)],
      receipt && ["Gas used", `${number(receipt.gasUsed)} of ${number(found.gas)}`],
      receipt && ["Fee", `${money(BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice))} at ${gwei(receipt.effectiveGasPrice)}`],
      ["Nonce", number(found.nonce)],
      ["Type", String(BigInt(found.type ?? 0))],
    ])),
    indexed?.transfers.length ? card("Tokens moved", movements(indexed)) : "",
    found.input !== "0x" ? card(found.to ? "Call" : "Code", input(found)) : "",
    card("Events", receipt ? events(receipt.logs) : h("p", { class: "soft" }, "not yet")),
    trace?.calls?.length ? card("Calls within", h("ol", { class: "tree" }, calls(trace, { count: 200 }))) : "");
}
