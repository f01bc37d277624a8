"use strict";
// Article first. On the page where it begins: the text that a bookmark brings. On the reading page: a passage that is
// selected becomes the quote of a statement, which is saved without leaving the page.
(() => {
  const CONTEXT = 32; // characters before and after a passage, as many as quotes are found by
  const LONGEST = 10000;
  const PATIENCE = 250;
  const part = (id) => document.getElementById(id);

  // --- where it begins ---

  const pasted = part("id_pasted");
  if (pasted && location.hash.startsWith("#text=")) {
    let brought = "";
    try {
      brought = decodeURIComponent(location.hash.slice("#text=".length));
    } catch {
      // What cannot be read is no text.
    }
    history.replaceState(null, "", location.pathname + location.search);
    if (brought.trim() && !pasted.value) {
      pasted.value = brought;
      pasted.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  document.querySelectorAll(".related-widget-wrapper-link[hidden]").forEach((link) => { link.hidden = false; });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-bookmark]")) {
      // It is there to be drawn among the bookmarks.
      event.preventDefault();
    }
  });

  // --- the reading page ---

  const form = document.querySelector("form[data-read]");
  if (!form) {
    return;
  }
  let taken = "";
  let waiting = 0;

  // The text as the register has it: a paragraph a line. Places are counted in it.
  function placeIn(node, offset) {
    const range = document.createRange();
    let at = 0;
    for (const paragraph of part("read-text").querySelectorAll("p")) {
      range.selectNodeContents(paragraph);
      if (paragraph === node || paragraph.contains(node)) {
        range.setEnd(node, offset);
        return at + range.toString().length;
      }
      if (range.comparePoint(node, offset) < 0) {
        return at;
      }
      at += paragraph.textContent.length + 1;
    }
    return at;
  }

  function passage() {
    const selection = document.getSelection();
    const text = part("read-text");
    if (!text || !selection.rangeCount || selection.isCollapsed) {
      return null;
    }
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer)) {
      return null;
    }
    const whole = [...text.querySelectorAll("p")].map((one) => one.textContent).join("\n");
    let start = placeIn(range.startContainer, range.startOffset);
    // A paragraph that is selected as a whole ends where the next thing begins, which may stand behind the text.
    let end = text.contains(range.endContainer) ? placeIn(range.endContainer, range.endOffset) : whole.length;
    while (start < end && !whole[start].trim()) {
      start += 1;
    }
    while (end > start && !whole[end - 1].trim()) {
      end -= 1;
    }
    const exact = whole.slice(start, end);
    if (!exact || exact.length > LONGEST) {
      return null;
    }
    // Not in the middle of a letter that is written with two.
    const from = Math.max(0, start - CONTEXT) + (/[\udc00-\udfff]/.test(whole[Math.max(0, start - CONTEXT)] || "") ? 1 : 0);
    const to = end + CONTEXT - (/[\ud800-\udbff]/.test(whole[end + CONTEXT - 1] || "") ? 1 : 0);
    return { exact, prefix: whole.slice(from, start), suffix: whole.slice(end, to) };
  }

  function showPlace() {
    const box = part("read-place");
    let place = null;
    try {
      place = JSON.parse(form.elements.selected.value || "null");
    } catch {
      // The register says what is wrong with it.
    }
    box.hidden = !place;
    const words = !place || place.exact === form.elements.quote.value ? "" : `: “${place.exact.slice(0, 120)}${place.exact.length > 120 ? "…" : ""}”`;
    box.querySelector("span").textContent = words;
  }

  function take(found) {
    taken = found.exact;
    form.elements.selected.value = JSON.stringify(found);
    deskValues.put(form.elements.quote, found.exact);
    showPlace();
  }

  function firstEmpty() {
    for (const name of ["claim", "source", "stance"]) {
      const field = form.elements[name];
      if (field && !field.value) {
        const search = field.nextElementSibling;
        return search && search.classList.contains("select2-container") ? search.querySelector(".select2-selection") : field;
      }
    }
    return form.querySelector("button[name=_save]");
  }

  function look() {
    const found = passage();
    const quote = form.elements.quote;
    // A quote that was typed or changed by hand is not written over.
    const free = !quote.value.trim() || quote.value === taken;
    const offer = document.querySelector(".desk-take");
    if (found && free && found.exact !== quote.value) {
      take(found);
    }
    if (!offer) {
      return;
    }
    offer.hidden = !found;
    part("read-take").textContent = found && !free ? "Take the selected passage instead of the quote" : "To the statement";
  }

  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PATIENCE);
  });

  function toStatement() {
    const found = passage();
    if (found && found.exact !== form.elements.quote.value) {
      take(found);
    }
    const target = firstEmpty();
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  }
  part("read-take")?.addEventListener("click", toStatement);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable], .select2-container, dialog");
    if (event.ctrlKey && event.key === "Enter" && !typing && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      toStatement();
    }
  });
  // Also when it is put back after a crash.
  form.addEventListener("change", (event) => ["selected", "quote"].includes(event.target.name) && showPlace());
  document.addEventListener("click", (event) => {
    if (event.target.closest("#read-place button")) {
      form.elements.selected.value = "";
      showPlace();
    }
  });

  function swap(page, id) {
    const [old, fresh] = [part(id), page.getElementById(id)];
    if (old && fresh) {
      old.innerHTML = fresh.innerHTML;
    }
  }

  function tell(words) {
    part("read-told").textContent = words;
  }

  async function send(button) {
    const data = new FormData(form, button);
    const answer = await fetch(form.getAttribute("action") || location.href, {
      method: "POST", body: data, headers: { "X-Desk-Script": "1" },
    });
    if (answer.redirected || (answer.status !== 200 && answer.status !== 422)) {
      tell("This was not saved. What you typed is still here: try again, or reload the page in another window.");
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const scrolled = part("read-text")?.scrollTop || 0;
    swap(page, "statement-fields");
    // Search fields are set up anew, as in a row that was added.
    part("statement-fields").dispatchEvent(new CustomEvent("formset:added", { bubbles: true }));
    showPlace();
    part("statement-fields").inert = false;
    if (answer.status === 422) {
      tell("");
      document.querySelector("#desk-errors a")?.click();
      return;
    }
    taken = "";
    document.getSelection().removeAllRanges();
    const open = [...document.querySelectorAll("#read-text details")].map((one) => one.open);
    swap(page, "read-text");
    [...document.querySelectorAll("#read-text details")].forEach((one, place) => { one.open = open[place]; });
    swap(page, "read-said");
    form.dispatchEvent(new Event("desk:saved"));
    const text = part("read-text");
    if (text) {
      text.scrollTop = scrolled;
      text.focus({ preventScroll: true });
    } else {
      firstEmpty().focus();
    }
  }

  // After drafts.js, which keeps the form from being sent until it has asked whether the session lives.
  document.addEventListener("DOMContentLoaded", () => form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) {
      return;
    }
    event.preventDefault();
    const button = event.submitter || form.querySelector("button[name=_save]");
    const fields = part("statement-fields");
    const focused = document.activeElement;
    // What is typed while it is on its way would be gone with the answer.
    fields.inert = true;
    button.disabled = true;
    tell("Saving…");
    send(button).catch(() => {
      tell("This was not saved: the register cannot be reached. What you typed is still here.");
    }).finally(() => {
      fields.inert = false;
      button.disabled = false;
      if (document.activeElement === document.body && document.contains(focused)) {
        focused.focus();
      }
      form.dispatchEvent(new Event("desk:answered"));
    });
  }));
  showPlace();
})();
