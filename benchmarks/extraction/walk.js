// Writes down what each page in the frames of this document shows: one entry per line of text, in reading order.
// A line ends where the browser ends one: at a block, a table cell, a <br>. "seen" is false for what the page's own
// style or a closed <details> hides; "where" names the elements around it, for the person who marks the lines.
"use strict";

const SILENT = new Set([
  "SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "TITLE", "IFRAME", "OBJECT", "SELECT", "TEXTAREA", "DATALIST", "VIDEO", "AUDIO",
]);

function linesOf(body) {
  const view = body.ownerDocument.defaultView;
  const lines = [];
  let text = "", seen = true, where = "";

  function end() {
    const squashed = text.replace(/\u00ad/g, "").replace(/\s+/g, " ").trim();
    if (squashed) lines.push({ text: squashed, seen, where });
    text = "";
  }

  function nameOf(element) {
    const id = element.id ? "#" + element.id : "";
    const role = element.getAttribute("role");
    return element.localName + id + [...element.classList].map((name) => "." + name).join("") + (role ? "@" + role : "");
  }

  function trail(element) {
    const names = [];
    for (let at = element; at && at !== body && names.length < 4; at = at.parentElement) names.unshift(nameOf(at));
    return names.join(" > ");
  }

  function walk(node, shown) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.data.trim()) { text += " "; return; }
      if (shown !== seen) end();
      if (!text.trim()) { seen = shown; where = trail(node.parentElement); }
      text += node.data;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.tagName) || node.namespaceURI.endsWith("/svg")) return;
    const style = view.getComputedStyle(node);
    const visible = shown && (node === body || style.display !== "none" && style.visibility === "visible");
    const inline = style.display === "inline" || style.display === "contents";
    if (!inline || node.tagName === "BR" || node.tagName === "HR") end();
    for (const child of node.childNodes) walk(child, visible);
    if (!inline) end();
  }

  walk(body, true);
  end();
  return lines;
}

addEventListener("load", () => {
  const pages = [...document.querySelectorAll("iframe")].map((frame) => linesOf(frame.contentDocument.body));
  const bytes = new TextEncoder().encode(JSON.stringify(pages));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  document.body.textContent = "[[" + btoa(binary) + "]]";
});
