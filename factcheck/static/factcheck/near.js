"use strict";
// What is being entered may be there already: rows near to it are shown below the field while one types.
(() => {
  const PATIENCE = 350;
  const waiting = new WeakMap();

  function boxOf(field) {
    const id = `${field.id}-near`;
    let box = document.getElementById(id);
    if (!box) {
      box = document.createElement("div");
      box.id = id;
      box.className = "desk-near";
      box.setAttribute("role", "status");
      (field.closest(".relative") || field).after(box);
    }
    return box;
  }

  function line(row) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = row.url;
    link.target = "_blank";
    link.className = "desk-link";
    link.textContent = row.text;
    link.dir = "auto";
    const details = document.createElement("small");
    details.textContent = row.details;
    item.append(link, details);
    if (row.merge && !deskPanel.inPanel) {
      const merge = document.createElement("a");
      merge.href = row.merge;
      merge.className = "desk-link";
      merge.textContent = "Merge this one into it";
      merge.setAttribute("aria-label", `Merge this one into ${row.text}`);
      item.append(merge);
    }
    if (deskPanel.inPanel) {
      const use = document.createElement("button");
      use.type = "button";
      use.textContent = "Use this one";
      use.setAttribute("aria-label", `Use this one: ${row.text}`);
      use.addEventListener("click", () => deskPanel.tellParent({ desk: "chosen", value: row.id, obj: row.text }));
      item.append(use);
    }
    return item;
  }

  async function look(field) {
    const text = field.value.trim();
    const known = window.location.pathname.match(/\/(\d+)\/change\/$/);
    let near = [];
    if (text.length >= 4) {
      const asked = new URLSearchParams({ field: field.dataset.near, text: text.slice(0, 500) });
      if (known && !field.name.includes("-")) {
        asked.set("but", known[1]);
      }
      try {
        const answer = await fetch(`${field.dataset.nearAt}?${asked}`, { headers: { Accept: "application/json" } });
        near = answer.ok ? (await answer.json()).near : [];
      } catch {
        near = [];
      }
    }
    if (field.value.trim() !== text) {
      return;
    }
    const box = boxOf(field);
    box.replaceChildren();
    if (near.length) {
      const words = document.createElement("p");
      words.textContent = "Did you mean one that is here already?";
      const list = document.createElement("ul");
      list.append(...near.map(line));
      box.append(words, list);
    }
  }

  function lookSoon(event) {
    const field = event.target;
    if (field.dataset && field.dataset.near) {
      clearTimeout(waiting.get(field));
      waiting.set(field, setTimeout(() => look(field), PATIENCE));
    }
  }
  document.addEventListener("input", lookSoon);
  // Also what a link has filled in.
  window.addEventListener("load", () => {
    if (/\/(add|read)\/$/.test(window.location.pathname)) {
      document.querySelectorAll("[data-near]").forEach((field) => field.value && look(field));
    }
  });
})();
