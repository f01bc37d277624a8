"use strict";
// What is typed is shown as it is understood, and has the room that it needs.
(() => {
  const PATIENCE = 400;
  const waiting = new WeakMap();
  const GROWS = CSS.supports("field-sizing", "content");

  function boxOf(field) {
    const id = `${field.id}-understood`;
    let box = document.getElementById(id);
    if (!box) {
      box = document.createElement("p");
      box.id = id;
      box.className = "desk-understood";
      box.setAttribute("role", "status");
      (field.closest(".relative") || field).after(box);
    }
    return box;
  }

  async function understand(field) {
    const text = field.value.trim();
    let told = { words: "", refused: "" };
    if (text) {
      const asked = new URLSearchParams({ kind: field.dataset.understood, text: text.slice(0, 2000) });
      try {
        const answer = await fetch(`${field.dataset.understoodAt}?${asked}`);
        told = answer.ok ? await answer.json() : told;
      } catch {
        return;
      }
    }
    if (field.value.trim() === text) {
      const box = boxOf(field);
      box.textContent = told.refused || (told.words && told.words !== text ? `= ${told.words}` : "");
      box.classList.toggle("desk-unclear", Boolean(told.refused));
    }
  }

  function grow(area) {
    if (!GROWS && area.offsetParent !== null) {
      area.style.height = "auto";
      area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight * 0.7)}px`;
    }
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches?.("textarea")) {
      grow(field);
    }
    if (field.dataset?.understood) {
      clearTimeout(waiting.get(field));
      waiting.set(field, setTimeout(() => understand(field), PATIENCE));
    }
  });
  // Also what is proposed and not typed.
  window.addEventListener("load", () => {
    document.querySelectorAll("#read_form [data-understood]").forEach((field) => field.value && understand(field));
  });
  document.addEventListener("focusin", (event) => event.target.matches?.("textarea") && grow(event.target));
})();
