// Reading and writing a contract: a form for each of its functions.

import { h, facts } from "./dom.js";
import { decode, kind, parse } from "./abi.js";
import { decodeError, signature } from "./contracts.js";
import { call } from "./rpc.js";
import { shown } from "./acts.js";
import { accountLink, transactionLink } from "./text.js";
import * as wallet from "./wallet.js";

const isRead = (entry) => ["view", "pure"].includes(entry.stateMutability);
const EMPTY = "Its interface is not known: verify its source, and forms for its functions stand here.";

let fieldCount = 0;

const hint = (input) => /\]$|^tuple/.test(input.type) ? `${input.type} as JSON, like [1, 2]` : input.type;

function field(label, type) {
  const id = `field-${fieldCount++}`;
  const input = h("input", { id, autocomplete: "off", spellcheck: "false", placeholder: type });
  return { input, element: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

// A form of a function; `act` is given the call's bytes and what it pays, and shows what comes of it.
function form(reader, selector, entry, act, word) {
  const inputs = entry.inputs.map((input, index) => field(input.name || `argument ${index + 1}`, hint(input)));
  const pays = entry.stateMutability === "payable" ? field("pays", "MRT, like 0.5") : null;
  const answer = h("div", { class: "answer", role: "status" });
  const button = h("button", { type: "submit" }, word);
  const say = (...content) => answer.replaceChildren(...content.flat());
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const values = entry.inputs.map((input, index) => {
        try {
          return parse(kind(input), inputs[index].input.value);
        } catch (error) {
          inputs[index].input.focus();
          throw new Error(`${input.name || `argument ${index + 1}`}: ${error.message}`);
        }
      });
      const value = pays ? coins(pays.input.value) : 0n;
      await act({ data: reader.data(selector, values), value: `0x${value.toString(16)}` }, say);
    } catch (error) {
      const reason = decodeError(reader.address, error.data);
      say(h("p", { class: "error", role: "alert" }, reason ? `Reverted: ${reason}` : error.message));
    } finally {
      button.disabled = false;
    }
  };
  return h("form", { class: "call", onsubmit: submit },
    h("p", {}, h("strong", {}, entry.name), " ", h("span", { class: "soft mono" }, signature(entry).slice(entry.name.length))),
    inputs.map((each) => each.element), pays?.element, button, answer);
}

function coins(text) {
  if (text.trim() === "") return 0n;
  const found = /^(\d{1,30})(?:\.(\d{1,18}))?$/.exec(text.trim());
  if (!found) throw new Error("pays: expected an amount like 0.5");
  return BigInt(found[1]) * 10n ** 18n + BigInt((found[2] ?? "").padEnd(18, "0"));
}

/** What a function answered. */
function told(entry, data) {
  const values = decode(entry.outputs, data);
  if (values.length === 0) return [h("p", { class: "soft" }, "It answers nothing.")];
  return [facts(entry.outputs.map((output, index) => [output.name || "Answer", shown(output, values[index])]))];
}

/** Shows the functions that only read. */
export async function reads(place, reader, address) {
  const found = reader ? [...reader.functions].filter(([, entry]) => isRead(entry)) : [];
  if (found.length === 0) return place.replaceChildren(h("p", { class: "note" }, reader ? "It has none." : EMPTY));
  const ask = (entry) => async (request, say) => {
    const from = wallet.connected?.account;
    say(...told(entry, await call("eth_call", { to: address, data: request.data, ...from && { from } }, "latest")));
  };
  // What takes nothing is told at once.
  place.replaceChildren(...found.map(([selector, entry]) => form(reader, selector, entry, ask(entry), "Read")));
  for (const element of place.querySelectorAll("form")) {
    if (!element.querySelector("input")) element.requestSubmit();
  }
}

/** Shows the functions that change something, with whoever signs. */
export async function writes(place, reader, address) {
  const found = reader ? [...reader.functions].filter(([, entry]) => !isRead(entry)) : [];
  if (found.length === 0) return place.replaceChildren(h("p", { class: "note" }, reader ? "It has none." : EMPTY));
  const act = async (request, say) => {
    // What would revert is told before anybody signs.
    await call("eth_call", { from: wallet.connected?.account, to: address, ...request }, "latest");
    say(h("p", { class: "soft" }, "Waiting for the wallet…"));
    const hash = await wallet.send({ to: address, ...request });
    if (!/^0x[0-9a-f]{64}$/i.test(hash)) throw new Error("the wallet gave no transaction");
    say(h("p", { class: "soft" }, "Sent: ", transactionLink(hash)));
    const receipt = await wallet.settled(hash);
    const state = receipt === null ? "still waiting" : BigInt(receipt.status) === 1n ? "final" : "reverted";
    say(h("p", {}, h("span", { class: state === "final" ? "pill" : "pill bad" }, state), " ", transactionLink(hash, true)));
  };
  place.replaceChildren(signer(), ...found.map(([selector, entry]) => form(reader, selector, entry, act, "Write")));
}

/** Whoever signs, and how to choose. */
export function signer() {
  const element = h("div", { class: "signer", role: "group", "aria-label": "Who signs" });
  const fail = (error) => element.append(h("p", { class: "error", role: "alert" }, String(error?.message ?? error).slice(0, 200)));
  const show = async () => {
    if (wallet.connected) {
      element.replaceChildren(
        h("span", {}, `${wallet.connected.name} signs as `, accountLink(wallet.connected.account, true)),
        h("button", { type: "button", onclick: wallet.disconnect }, "Disconnect"));
      return;
    }
    const accounts = await wallet.own();
    const select = h("select", { "aria-label": "An account of this node" },
      accounts.map((each) => h("option", { value: each }, each)));
    const offers = wallet.wallets().map((each) => h("button", {
      type: "button",
      onclick: () => wallet.connect(each).catch(fail),
    }, each.icon && h("img", { src: each.icon, alt: "", width: 18, height: 18 }), `Connect ${each.name}`));
    if (wallet.connected) return;
    element.replaceChildren(...offers,
      ...accounts.length ? [select, h("button", { type: "button", onclick: () => wallet.connectOwn(select.value) }, "Sign by this node")] : [],
      ...offers.length || accounts.length ? [] : [h("span", { class: "soft" },
        "No wallet is here: the browser has none, and this node signs for nobody.")]);
  };
  const stop = wallet.watch(() => element.isConnected ? show() : stop());
  show();
  return element;
}
