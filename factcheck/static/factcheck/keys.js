"use strict";
// What can be done by keys: search everything (Ctrl K), save (Ctrl S), show the keys (?).
(() => {
  const PATIENCE = 250;
  let waiting = 0;
  let found = [];
  let at = -1;

  const part = (id) => document.getElementById(id);

  function pagesWith(words) {
    const wanted = words.toLowerCase();
    return [...document.querySelectorAll("#nav-sidebar-inner a[href]")]
      .filter((link) => !link.classList.contains("desk-skip") && link.textContent.toLowerCase().includes(wanted))
      .slice(0, 3)
      .map((link) => ({ noun: "Page", text: (link.lastElementChild || link).textContent.trim(), details: "", url: link.href }));
  }

  function choose(place) {
    at = found.length ? (place + found.length) % found.length : -1;
    const words = part("desk-find-words");
    [...part("desk-found").children].forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === at));
      if (index === at) {
        item.scrollIntoView({ block: "nearest" });
        words.setAttribute("aria-activedescendant", item.id);
      }
    });
    if (at < 0) {
      words.removeAttribute("aria-activedescendant");
    }
  }

  function show(rows, told) {
    found = rows;
    part("desk-found").replaceChildren(...rows.map((row, place) => {
      const item = document.createElement("li");
      item.id = `desk-found-${place}`;
      item.setAttribute("role", "option");
      const noun = document.createElement("small");
      noun.textContent = row.noun;
      const text = document.createElement("span");
      text.textContent = row.text;
      text.dir = "auto";
      const details = document.createElement("small");
      details.textContent = row.details;
      item.append(noun, text, details);
      item.addEventListener("click", () => { window.location.assign(row.url); });
      return item;
    }));
    part("desk-find-words").setAttribute("aria-expanded", String(rows.length > 0));
    part("desk-find-told").textContent = told;
    choose(0);
  }

  async function look() {
    const words = part("desk-find-words").value.trim();
    if (!words) {
      show([], "");
      return;
    }
    const pages = pagesWith(words);
    try {
      const answer = await fetch(`${part("desk-find").dataset.at}?${new URLSearchParams({ q: words })}`);
      const told = answer.ok ? await answer.json() : { rows: [], more: false };
      if (part("desk-find-words").value.trim() === words) {
        const rows = [...told.rows, ...pages];
        show(rows, !rows.length ? "Nothing is found." : told.more ? "There is more: another word narrows it." : "");
      }
    } catch {
      show(pages, "The search does not answer. Try again.");
    }
  }

  function openFind() {
    const dialog = part("desk-find");
    if (dialog && !document.querySelector("dialog[open]")) {
      dialog.showModal();
      part("desk-find-words").select();
    }
  }

  function isTyping(target) {
    return target.closest("input, textarea, select, [contenteditable], .select2-container") !== null;
  }

  document.addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey;
    if (held && !event.altKey && event.key.toLowerCase() === "k" && part("desk-find")) {
      event.preventDefault();
      openFind();
    } else if (held && !event.altKey && event.key.toLowerCase() === "s") {
      const save = document.querySelector("button[name=_save]");
      if (save && !document.querySelector("dialog[open]")) {
        event.preventDefault();
        save.click();
      }
    } else if (event.key === "?" && !held && !isTyping(event.target) && part("desk-keys") && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      part("desk-keys").showModal();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#desk-find-open")) {
      openFind();
    } else if (event.target.closest("#desk-keys-open")) {
      part("desk-help").hidePopover();
      part("desk-keys").showModal();
    } else if (event.target.matches("dialog.desk-box")) {
      event.target.close();
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "desk-find-words") {
      clearTimeout(waiting);
      waiting = setTimeout(look, PATIENCE);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "desk-find-words") {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && found[at]) {
      event.preventDefault();
      window.location.assign(found[at].url);
    }
  });
})();
