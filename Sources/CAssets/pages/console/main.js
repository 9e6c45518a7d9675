// The console: one page that every node serves, with its views behind the address's hash.

import { h } from "./dom.js";
import { find } from "./api.js";
import { batch } from "./rpc.js";
import { load } from "./contracts.js";
import * as feed from "./feed.js";
import { overview } from "./overview.js";
import { network } from "./network.js";
import { shop } from "./shop.js";
import { account } from "./account.js";
import { block, transaction } from "./explorer.js";
import { explore, results, token } from "./token.js";

const view = document.getElementById("view");
const link = document.getElementById("link");
const query = document.getElementById("query");
const theme = document.getElementById("theme");

const PAGES = [
  [/^\/?$/, "overview", "Overview", overview],
  [/^\/network$/, "network", "Network", network],
  [/^\/shop$/, "shop", "Shop", shop],
  [/^\/explore$/, "explore", "Explore", explore],
  [/^\/search\/(.{1,400})$/, "", "Search", results],
  [/^\/token\/(0x[0-9a-f]{40})$/i, "explore", "Token", token],
  [/^\/block\/(\d{1,18}|0x[0-9a-f]{64})$/i, "", "Block", block],
  [/^\/tx\/(0x[0-9a-f]{64})$/i, "", "Transaction", transaction],
  [/^\/account\/(0x[0-9a-f]{40})$/i, "", "Account", account],
  [/^(.{0,80})/, "", "Not found", (place, what) => {
    place.append(h("p", { class: "note" }, `Nothing here is called ${readable(what)}. Search for a block's`
      + " number or hash, a transaction's hash, or an address."));
  }],
];

// What was searched for, as far as an address's hash can say it.
function readable(what) {
  const word = what.replace(/^\/missing\//, "");
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

let leave = null;
let visit = 0;
let searches = 0;

async function show(moved) {
  const path = location.hash.slice(1);
  const [pattern, page, title, render] = PAGES.find(([pattern]) => pattern.test(path)) ?? PAGES.at(-1);
  const mine = ++visit;
  leave?.();
  leave = null;
  for (const anchor of document.querySelectorAll("nav a")) {
    if (anchor.dataset.page === page) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
  document.title = `${title} · Martlet console`;
  // Each visit has a place of its own, so that a slow answer cannot end up on another page.
  const place = h("div", {});
  view.replaceChildren(place);
  if (moved) {
    scrollTo(0, 0);
    view.focus({ preventScroll: true });
  }
  try {
    const stop = await render(place, ...(pattern.exec(path)?.slice(1) ?? []));
    if (typeof stop !== "function") return;
    if (mine === visit) leave = stop;
    else stop();
  } catch (error) {
    place.append(h("p", { class: "note error", role: "alert" }, `The node did not answer: ${error.message}`));
  }
}

async function search(text) {
  const word = text.trim().toLowerCase().replace(/[\s,]/g, "");
  if (/^\d{1,18}$/.test(word)) return `#/block/${word}`;
  if (/^0x[0-9a-f]{1,15}$/.test(word)) return `#/block/${BigInt(word)}`;
  if (/^(0x)?[0-9a-f]{40}$/.test(word)) return `#/account/0x${word.replace(/^0x/, "")}`;
  if (/^(0x)?[0-9a-f]{64}$/.test(word)) {
    const hash = `0x${word.replace(/^0x/, "")}`;
    const [known] = await batch([["eth_getTransactionByHash", hash]]);
    return known ? `#/tx/${hash}` : `#/block/${hash}`;
  }
  const name = encodeURIComponent(text.trim().slice(0, 40));
  const found = await find(`search?q=${name}`);
  const [only, more] = found?.results ?? [];
  if (only && !more) return `#/${only.kind === "token" ? "token" : "account"}/${only.value}`;
  return only ? `#/search/${name}` : `#/missing/${name}`;
}

document.getElementById("search").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = query.value;
  query.value = "";
  if (!text.trim()) return;
  const mine = ++searches;
  const found = await search(text).catch(() => null);
  // An older search that is answered late changes nothing.
  if (mine !== searches) return;
  if (found) location.hash = found;
  else query.value = text;
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    query.focus();
  }
  if (event.key === "Escape" && typing) query.blur();
});

const kept = localStorage.getItem("theme");
if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
theme.addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
});

const stale = document.getElementById("stale");
let heard = Date.now();

function showLink() {
  if (feed.alive) heard = Date.now();
  stale.hidden = feed.alive;
  stale.textContent = feed.alive ? "" : "This node does not answer. What stands here is from "
    + `${new Date(heard).toLocaleTimeString()}; it goes on when the node does.`;
  link.className = `chip ${feed.alive ? "good" : "bad"}`;
  link.textContent = feed.alive ? feed.status ? `chain ${feed.status.network.chainId}` : "connected" : "no answer";
}

feed.watch((topic) => {
  if (topic !== "block") showLink();
});
addEventListener("hashchange", () => show(true));

await load();
await feed.start();
showLink();
await show(false);
