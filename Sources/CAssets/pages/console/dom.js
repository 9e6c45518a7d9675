// Builds elements. Text goes in as text only: what comes from the chain is never read as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(2)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** An element of the page. */
export const h = (name, attributes, ...children) =>
  fill(document.createElement(name), attributes, children);

/** An element of a drawing. */
export const s = (name, attributes, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);

/** A tile with a figure, and a function that changes it. */
export function tile(label) {
  const figure = h("span", {}, "–");
  const under = h("div", { class: "under" }, "\u00a0");
  const element = h("div", { class: "tile" }, h("dt", {}, label), h("dd", {}, figure, under));
  const set = (value, more = "\u00a0") => {
    if (figure.textContent !== value) figure.textContent = value;
    if (under.textContent !== more) under.textContent = more;
  };
  return { element, set };
}

/** Pairs of a name and what it is. */
export const facts = (pairs) =>
  h("dl", { class: "facts" }, pairs.filter(Boolean).map(([name, value]) =>
    [h("dt", {}, name), h("dd", {}, value)]));

const side = (head) => head.startsWith(">") ? "right" : null;
const plain = (head) => head.replace(/^>/, "");

/** A row of a table; where there is no room for columns, each cell says its head itself. */
export const row = (heads, cells, fresh = false) =>
  h("tr", { class: fresh ? "fresh" : null }, cells.map((cell, index) =>
    h("td", { class: side(heads[index]), "data-head": plain(heads[index]) }, cell)));

/** A table; a head of the form ">Name" stands to the right. */
export const table = (heads, rows) =>
  h("div", { class: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, heads.map((head) =>
      h("th", { scope: "col", class: side(head) }, plain(head))))),
    h("tbody", {}, rows.map((cells) => row(heads, cells)))));
