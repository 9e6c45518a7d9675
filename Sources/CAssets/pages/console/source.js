// The source of a contract: verified by this node, or to be verified.

import { h, facts } from "./dom.js";
import { find, post } from "./api.js";
import { forget, learn } from "./contracts.js";
import { number } from "./text.js";

const bytes = (code) => h("details", {}, h("summary", {}, `${number((code.length - 2) / 2)} bytes of code`),
  h("pre", { tabindex: "0" }, code));

/** Shows the source of a contract, or a form that has it verified. */
export async function source(place, address, code) {
  const found = await find(`contracts/${address}`);
  if (found?.verified) return place.replaceChildren(...verified(found.verified), bytes(code));
  place.replaceChildren(
    h("p", {}, h("span", { class: "pill plain" }, "not verified"), " ", found?.compiler
      ? "Give the source, and this node compiles it and compares the code."
      : "This node has no compiler, so it cannot verify: start it where vyper is on the PATH, or with --vyper=PATH."),
    found?.compiler ? form(address) : "", bytes(code));
}

const verified = (found) => [
  facts([
    ["Contract", [found.name, " ", h("span", { class: "pill" }, "verified")]],
    ["Compiler", found.compiler],
    ["Compared", found.immutables > 0
      ? `byte for byte, but for ${number(found.immutables)} bytes that the constructor fills in` : "byte for byte"],
  ]),
  ...found.sources.map((each) => [
    h("h2", {}, each.name),
    h("pre", { class: "source", tabindex: "0", "aria-label": `Source of ${each.name}` }, each.content),
  ]).flat(),
  h("details", {}, h("summary", {}, "Interface (ABI)"),
    h("pre", { tabindex: "0" }, JSON.stringify(found.abi, null, 1))),
];

function form(address) {
  const text = h("textarea", { id: "source-text", spellcheck: "false", "aria-describedby": "source-hint" });
  const file = h("input", {
    id: "source-file", type: "file", accept: ".vy,.json",
    onchange: async () => {
      const chosen = file.files[0];
      if (!chosen) return;
      text.value = await chosen.text();
      if (chosen.name.endsWith(".vy")) name.value = chosen.name;
    },
  });
  const name = h("input", { id: "source-name", autocomplete: "off", spellcheck: "false", value: "Contract.vy" });
  const answer = h("div", { class: "answer", role: "status" });
  const button = h("button", { type: "submit" }, "Verify");
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    answer.replaceChildren(h("p", { class: "soft" }, "Compiling…"));
    try {
      await post(`contracts/${address}/source`, request(text.value, name.value));
      forget(address);
      await learn([address]);
      // The whole page knows the contract now.
      dispatchEvent(new Event("hashchange"));
    } catch (error) {
      answer.replaceChildren(h("pre", { class: "error", role: "alert" }, error.message));
    } finally {
      button.disabled = false;
    }
  };
  const line = (label, id, element) => h("div", { class: "field" }, h("label", { for: id }, label), element);
  return h("form", { class: "call", onsubmit: submit },
    h("p", { id: "source-hint", class: "soft" },
      "A Vyper source, or a compiler's standard JSON with all sources and settings."),
    line("File", "source-file", file), line("Name of the contract's file", "source-name", name),
    line("Source", "source-text", text), button, answer);
}

// Standard JSON is known by its form.
function request(text, name) {
  try {
    const given = JSON.parse(text);
    if (given && typeof given === "object" && given.sources) return { input: given, name };
  } catch {
    // It is the source itself.
  }
  return { source: text, name };
}
