// The first page: how the chain is, who makes it, and what arrives.

import { h, s, tile } from "./dom.js";
import { batch } from "./rpc.js";
import * as feed from "./feed.js";
import { accountLink, ago, blockLink, number, transactionLink } from "./text.js";
import { summary } from "./acts.js";

const SHOWN = 10;

const polar = (index, count, radius) => {
  const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
  return [200 + radius * Math.cos(angle), 200 + radius * Math.sin(angle)];
};

/** Whether a validator is the one asked, is seen by it, or is away. */
export const presence = (validator, status) =>
  validator.index === status.index ? "me"
    : status.missing.includes(validator.index) ? "away" : "here";

function ring(status) {
  const count = status.validators.length;
  const names = { me: "this node", here: "", away: "away" };
  const nodes = status.validators.map((validator, index) => {
    const [x, y] = polar(index, count, 148);
    const [outerX, outerY] = polar(index, count, 189);
    const side = Math.abs(outerX - 200) < 40 ? "middle" : outerX < 200 ? "end" : "start";
    const state = presence(validator, status);
    const leads = validator.index === status.leader;
    return s("g", { class: `${state} ${leads ? "leader" : ""}` },
      s("line", { x1: 200, y1: 200, x2: x, y2: y }),
      leads && s("circle", { class: "halo pulse", cx: x, cy: y, r: 29 }),
      s("circle", { class: "node", cx: x, cy: y, r: 22 }),
      s("text", { class: "name", x, y }, String(validator.index)),
      s("text", { class: `under ${side}`, x: outerX, y: outerY },
        leads ? "leader" : names[state]));
  });
  const here = status.validators.filter((each) => presence(each, status) !== "away").length;
  return s("svg", { class: "ring", viewBox: "-40 0 480 400", role: "img",
    "aria-label": `${here} of ${count} validators are here; validator ${status.leader} leads` },
  nodes,
  s("circle", { class: "core", cx: 200, cy: 200, r: 66 }),
  s("text", { class: "big", x: 200, y: 192 }, number(status.height)),
  s("text", { class: "under", x: 200, y: 220 }, `view ${status.view}`));
}

function blockRow(block, fresh) {
  const count = block.transactions.length;
  const used = Number(BigInt(block.gasUsed) * 100n / (BigInt(block.gasLimit) || 1n));
  const bar = h("i", {});
  bar.style.width = `${used}%`;
  return h("li", { class: fresh ? "fresh" : null },
    h("span", { class: "height" }, blockLink(block.number)),
    h("span", { class: "grow" }, `${number(count)} ${count === 1 ? "transaction" : "transactions"}`),
    h("span", { class: "meter", title: `${used} % of the gas limit` }, bar),
    h("span", { class: "soft when", "data-time": Number(block.timestamp) }, ago(block.timestamp)));
}

const transactionRow = (transaction) => h("li", { class: "fresh" },
  transactionLink(transaction.hash),
  h("span", { class: "grow whole" }, summary(transaction)),
  h("span", { class: "soft" }, "by ", accountLink(transaction.from)));

/** Shows the page; returns how to leave it. */
export function overview(view) {
  const tiles = Object.fromEntries([["height", "Height"], ["pace", "Transactions a second"],
    ["beat", "Seconds a block"], ["pool", "Waiting in the pool"], ["quorum", "Validators here"]]
    .map(([key, label]) => [key, tile(label)]));
  const drawing = h("div", {}, h("p", { class: "note" }, "Asking the node…"));
  const list = h("ul", { class: "rows", "aria-label": "Newest blocks" });
  const latest = h("ul", { class: "rows", "aria-label": "Newest transactions" },
    h("li", { class: "soft" }, "None in the newest blocks."));
  view.append(
    h("h1", { class: "hidden" }, "Overview"),
    h("dl", { class: "tiles" }, Object.values(tiles).map((each) => each.element)),
    h("div", { class: "columns" },
      h("section", { class: "card" }, h("h2", {}, "Validators", h("a", { href: "#/network" }, "All about them")), drawing),
      h("section", { class: "card" }, h("h2", {}, "Blocks"), list)),
    h("section", { class: "card" }, h("h2", {}, "Transactions"), latest));

  let drawn = "";
  const showStatus = () => {
    const { status } = feed;
    if (!status) return;
    const away = status.missing.length;
    tiles.pool.set(number(status.pool.pending), `${number(status.pool.queued)} not yet next`);
    tiles.quorum.set(`${status.validators.length - away} of ${status.validators.length}`,
      `quorum: ${status.quorum.need} of power`);
    const now = JSON.stringify([status.height, status.view, status.leader, status.missing]);
    if (now !== drawn) drawing.replaceChildren(ring(status));
    drawn = now;
  };
  const showPace = () => {
    const pace = feed.pace();
    if (feed.blocks.length) tiles.height.set(number(feed.blocks[0].number), ago(feed.blocks[0].timestamp));
    if (pace) {
      tiles.pace.set(pace.perSecond < 10 ? pace.perSecond.toFixed(1) : number(Math.round(pace.perSecond)),
        `${number(pace.count)} in ${pace.blocks} blocks`);
      tiles.beat.set(pace.perBlock.toFixed(1), "over as many");
    }
    for (const when of list.querySelectorAll(".when")) when.textContent = ago(when.dataset.time);
  };
  const seen = new Set();
  const showTransactions = async (block) => {
    const wanted = block.transactions.slice(-SHOWN).filter((hash) => !seen.has(hash));
    const found = await batch(wanted.map((hash) => ["eth_getTransactionByHash", hash]));
    if (!found.some(Boolean)) return;
    if (seen.size === 0) latest.replaceChildren();
    for (const transaction of found.filter(Boolean)) {
      seen.add(transaction.hash);
      latest.prepend(transactionRow(transaction));
    }
    while (latest.children.length > SHOWN) latest.lastChild.remove();
  };

  list.append(...feed.blocks.slice(0, SHOWN).map((block) => blockRow(block, false)));
  const newest = feed.blocks.find((each) => each.transactions.length);
  if (newest) showTransactions(newest).catch(() => {});
  showStatus();
  showPace();
  const stop = feed.watch((topic, block) => {
    if (topic === "status") showStatus();
    if (topic !== "block") return;
    list.prepend(blockRow(block, true));
    while (list.children.length > SHOWN) list.lastChild.remove();
    if (block.transactions.length) showTransactions(block).catch(() => {});
    showPace();
  });
  const clock = setInterval(showPace, 1000);
  return () => {
    stop();
    clearInterval(clock);
  };
}
