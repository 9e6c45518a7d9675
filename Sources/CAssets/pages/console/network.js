// The network page: validators and peers; on a development network also the means to disturb it.

import { h, table, facts } from "./dom.js";
import * as feed from "./feed.js";
import { accountLink, number } from "./text.js";
import { presence } from "./overview.js";

const WORDS = {
  me: ["pill", "this node"],
  here: ["pill", "here"],
  away: ["pill bad", "away"],
};

async function command(control, act, index) {
  const response = await fetch(`${control.url}/nodes/${index}/${act}`, {
    method: "POST",
    headers: { authorization: `Bearer ${control.token}` },
  });
  if (!response.ok) throw new Error((await response.text()).slice(0, 200) || `answer ${response.status}`);
}

/** Shows the page; returns how to leave it. */
export function network(view) {
  const note = h("p", { role: "status", class: "soft" });
  const place = h("div", {}, h("p", { class: "note" }, "Asking the node…"));
  const about = h("div", {});
  const peers = h("div", {});
  view.append(h("h1", {}, "Network"),
    h("section", { class: "card" }, h("h2", {}, "Validators"), place, note),
    h("section", { class: "card" }, h("h2", {}, "This node"), about),
    h("section", { class: "card" }, h("h2", {}, "Peers of this node"), peers));

  const press = (control, act, label, index, danger) => h("button", {
    type: "button",
    class: danger ? "danger" : null,
    "aria-label": `${label} node ${index}`,
    onclick: async ({ currentTarget: button }) => {
      button.disabled = true;
      note.textContent = `${label}: node ${index} …`;
      try {
        await command(control, act, index);
        note.textContent = `${label}: node ${index}, done.`;
      } catch (error) {
        note.textContent = `${label}: node ${index} failed: ${error.message}`;
      }
      button.disabled = false;
    },
  }, label);

  const row = (validator, status) => {
    const state = presence(validator, status);
    const leads = validator.index === status.leader;
    const acts = status.control && h("div", { class: "acts" },
      press(status.control, "kill", "Kill", validator.index, true),
      press(status.control, "restart", "Restart", validator.index),
      press(status.control, "cut", "Cut off", validator.index, true),
      press(status.control, "join", "Rejoin", validator.index));
    const [look, word] = WORDS[state];
    return [
      String(validator.index),
      [h("span", { class: look }, word), leads && [" ", h("span", { class: "pill" }, "leader")]],
      accountLink(validator.address),
      number(validator.power),
      h("span", { class: "hash", title: validator.peerId }, `…${String(validator.peerId).slice(-10)}`),
      ...(status.control ? [acts] : []),
    ];
  };

  let drawn = "";
  const show = () => {
    const { status } = feed;
    if (!status) return;
    const now = JSON.stringify([status.missing, status.leader, status.peers, status.control]);
    about.replaceChildren(facts([
      ["Chain", String(status.network.chainId)],
      ["Version", String(status.version)],
      ["Peer", h("span", { class: "hash" }, String(status.peerId))],
      ["Height", number(status.height)],
      ["View", String(status.view)],
      ["Newest block", h("span", { class: "hash" }, status.hash)],
      ["Quorum", `${status.quorum.have} of power here, ${status.quorum.need} needed`],
    ]));
    // The table is made anew only when it says something new, so that the keyboard keeps its place.
    if (now === drawn || (drawn && place.contains(document.activeElement) && onlyLeader(drawn, now))) return;
    drawn = now;
    const held = document.activeElement?.getAttribute("aria-label");
    const heads = ["Node", "State", "Account", "Power", "Peer", ...(status.control ? ["Disturb"] : [])];
    place.replaceChildren(table(heads, status.validators.map((each) => row(each, status))));
    if (held) place.querySelector(`[aria-label="${CSS.escape(held)}"]`)?.focus();
    peers.replaceChildren(status.peers.length
      ? h("ul", { class: "rows" }, status.peers.map((peer) => h("li", { class: "hash" }, String(peer))))
      : h("p", { class: "note" }, "No peer is connected."));
  };
  const onlyLeader = (before, after) => {
    const [a, b] = [JSON.parse(before), JSON.parse(after)];
    return JSON.stringify([a[0], a[2]]) === JSON.stringify([b[0], b[2]]);
  };
  show();
  return feed.watch((topic) => topic === "status" && show());
}
