// The shop's page: what was sold, week by week, and the orders as they arrive.

import { h, row, s, table, tile } from "./dom.js";
import { call } from "./rpc.js";
import { contract, decodeLog, fields } from "./contracts.js";
import * as feed from "./feed.js";
import { accountLink, day, dollars, number, transactionLink } from "./text.js";
import { isOpen } from "./customer.js";

const FIRST = Date.UTC(1997, 0, 1);
const DAYS = 546;
const MOST = 500;
const SHOWN = 12;

const stamp = (index) => {
  const date = new Date(FIRST + index * 86_400_000);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
};

// The sums of each week of the shop's history.
async function weeks() {
  const dates = Array.from({ length: DAYS }, (_, index) => stamp(index));
  const found = [];
  for (let start = 0; start < DAYS; start += MOST) {
    const [counts, cents] = await contract("Orders").read("totals_by_day", dates.slice(start, start + MOST));
    counts.forEach((count, index) => found.push({ day: dates[start + index], count, cents: cents[index] }));
  }
  const sums = [];
  for (let start = 0; start < DAYS; start += 7) {
    const week = found.slice(start, start + 7);
    sums.push({
      day: week[0].day,
      count: week.reduce((sum, each) => sum + each.count, 0n),
      cents: week.reduce((sum, each) => sum + each.cents, 0n),
    });
  }
  return sums;
}

function chart(sums) {
  const [width, low] = [1000, 166];
  const top = sums.reduce((most, each) => each.cents > most ? each.cents : most, 1n);
  const step = width / sums.length;
  const bars = sums.map((each, index) => {
    const size = Number(each.cents * 10_000n / top) / 10_000 * (low - 12);
    const label = `Week of ${day(each.day)}: ${number(each.count)} purchases, ${dollars(each.cents)}`;
    return s("g", {}, s("title", {}, label),
      s("rect", { class: "back", x: index * step, y: 0, width: step, height: low }),
      s("rect", { x: index * step + 1.5, y: low - size, width: Math.max(step - 3, 1), height: size, rx: 2 }));
  });
  const marks = sums.filter((_, index) => index % 13 === 0).map((each) =>
    h("span", {}, new Date(Date.UTC(Number(each.day.toString().slice(0, 4)), each.day / 100 % 100 - 1))
      .toLocaleDateString("en", { month: "short", year: "numeric", timeZone: "UTC" })));
  const sum = sums.reduce((all, each) => all + each.cents, 0n);
  // The bars stretch with the page, and text must not: so it stands beside the drawing.
  return h("div", { class: "chart" },
    h("p", { class: "soft top" }, `${dollars(top)} in the best week`),
    s("svg", { viewBox: `0 0 ${width} ${low + 1}`, preserveAspectRatio: "none", role: "img",
      "aria-label": `Sales by week from ${day(sums[0].day)}: ${dollars(sum)} in all, at most ${dollars(top)} a week` },
    s("line", { x1: 0, x2: width, y1: low, y2: low }), bars),
    h("div", { class: "marks", "aria-hidden": "true" }, marks));
}

/** Shows the page; returns how to leave it. */
export async function shop(view) {
  view.append(h("h1", {}, "Jane's shop", h("small", {}, "music by mail, kept by contracts")));
  if (!await isOpen()) {
    view.append(h("section", { class: "card" }, h("p", { class: "note" },
      "The shop is not open on this chain yet. ", h("code", {}, "martlet demo shop"), " opens it.")));
    return () => {};
  }
  const names = [["customers", "Customers"], ["purchases", "Purchases"], ["paid", "Sold"],
    ["escrow", "In escrow"], ["delivered", "Delivered"]];
  const tiles = Object.fromEntries(names.map(([key, label]) => [key, tile(label)]));
  const drawing = h("div", {});
  const list = h("tbody", {});
  const empty = h("p", { class: "note" }, "No order in the newest blocks.");
  const heads = ["Day", "Customer", "Discs", ">Price", "Transaction"];
  const frame = table(heads, []);
  frame.querySelector("tbody").replaceWith(list);
  frame.hidden = true;
  view.append(
    h("dl", { class: "tiles" }, Object.values(tiles).map((each) => each.element)),
    h("section", { class: "card" }, h("h2", {}, "Sales by week"), drawing),
    h("section", { class: "card" }, h("h2", {}, "Newest orders"), frame, empty));

  let shown = null;
  const refresh = async () => {
    const [customers, purchases, cents, escrow, delivered, cancelled] = await contract("Orders").read("summary");
    tiles.customers.set(number(customers));
    tiles.purchases.set(number(purchases), purchases ? `${dollars(cents / purchases)} on average` : "\u00a0");
    tiles.paid.set(dollars(cents));
    tiles.escrow.set(dollars(escrow));
    tiles.delivered.set(number(delivered), `${number(cancelled)} cancelled`);
    if (shown !== purchases) drawing.replaceChildren(chart(await weeks()));
    shown = purchases;
  };
  const order = (log, fresh) => {
    const found = fields(decodeLog(log));
    return row(heads, [day(found.day), accountLink(found.customer), number(found.discs),
      dollars(found.cents), transactionLink(log.transactionHash)], fresh);
  };
  const orders = async (height) => {
    const { address, topics } = contract("Orders");
    const span = { fromBlock: `0x${height.toString(16)}`, toBlock: `0x${height.toString(16)}` };
    const logs = await call("eth_getLogs", { address, topics: [topics.get("Ordered")], ...span });
    return logs.slice(-SHOWN).reverse();
  };
  const showList = () => {
    while (list.children.length > SHOWN) list.lastChild.remove();
    frame.hidden = list.children.length === 0;
    empty.hidden = !frame.hidden;
  };
  const showNew = async (height) => {
    list.prepend(...(await orders(height)).map((log) => order(log, true)));
    showList();
  };
  await refresh();
  for (const block of feed.blocks.filter((each) => each.transactions.length)) {
    list.append(...(await orders(BigInt(block.number))).map((log) => order(log, false)));
    showList();
    if (list.children.length === SHOWN) break;
  }
  let resting = true;
  return feed.watch(async (topic, block) => {
    if (topic !== "block" || block.transactions.length === 0) return;
    showNew(BigInt(block.number)).catch(() => {});
    if (!resting) return;
    resting = false;
    setTimeout(() => { resting = true; refresh().catch(() => {}); }, 1500);
  });
}
