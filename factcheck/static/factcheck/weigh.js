"use strict";
// The sheet of ratings: each choice is saved by itself, says so beside its cell, and can be undone.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("weigh_form");
  if (!form) {
    return;
  }
  const told = document.getElementById("weigh-told");
  const cells = [...form.querySelectorAll("select[name^=cell-]")];
  let queue = Promise.resolve();
  document.querySelector("[data-at-once]").hidden = false;

  function say(cell, words, ...beside) {
    const place = cell.parentElement.querySelector(".desk-cell-state");
    place.replaceChildren(words, ...beside);
    told.textContent = `${cell.getAttribute("aria-label")}: ${words}`;
  }

  function undo(cell, before) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "desk-button";
    button.textContent = "Undo";
    button.setAttribute("aria-label", `Undo: ${cell.getAttribute("aria-label")}`);
    button.addEventListener("click", () => {
      cell.value = cell.dataset.shown || "";
      cell.focus();
      save(cell, before, false);
    });
    return button;
  }

  async function send(cell, value, undoable) {
    if (!value) {
      say(cell, "");
      return;
    }
    say(cell, "Saving…");
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set(cell.name, value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Desk-Script": "1" } });
      const page = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : null;
      if (answer.ok && page) {
        cell.dataset.unsaved = "";
        const before = page.before[cell.name];
        say(cell, undoable ? "Saved." : "Undone.", ...(undoable && before !== value ? [" ", undo(cell, before)] : []));
      } else if (page) {
        say(cell, `Not saved. ${page.refused}`);
      } else {
        say(cell, "Not saved: your session has ended. “Save my ratings” asks you to log in.");
      }
    } catch {
      say(cell, "Not saved: the register cannot be reached. Choose again, or save all below.");
    }
    if (cells.every((one) => !one.dataset.unsaved)) {
      form.dispatchEvent(new Event("desk:saved"));
    }
  }

  // One after the other: they are entries of one trail.
  function save(cell, value, undoable) {
    cell.dataset.unsaved = "yes";
    queue = queue.then(() => send(cell, value, undoable));
  }

  cells.forEach((cell) => {
    cell.dataset.shown = cell.value;
    cell.addEventListener("change", () => save(cell, cell.value, true));
  });
});
