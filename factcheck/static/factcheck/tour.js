"use strict";
// The tour: on the page of the step that one has come to, what it shows is marked and explained. Where one is, and whether the
// tour was ended, is kept in this browser for this person.
window.addEventListener("load", () => {
  const help = document.querySelector("[data-tour-steps]");
  if (!help) {
    return;
  }
  const key = `desk-tour:${help.dataset.tourUser}`;
  let box = null;
  let marked = null;

  function state() {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function keep(at, open) {
    localStorage.setItem(key, JSON.stringify({ at, open }));
  }

  function leave() {
    if (marked) {
      marked.classList.remove("desk-tour-here");
    }
    if (box) {
      box.remove();
    }
    box = marked = null;
  }

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "desk-button";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function isHere(step) {
    return new URL(step.url, window.location.href).pathname === window.location.pathname;
  }

  function go(steps, at) {
    leave();
    keep(at, true);
    if (isHere(steps[at])) {
      show(steps, at);
    } else {
      window.location.assign(steps[at].url);
    }
  }

  function end(at) {
    const last = marked;
    leave();
    keep(at, false);
    if (last) {
      last.tabIndex = -1;
      last.focus({ preventScroll: true });
    }
  }

  function show(steps, at) {
    const step = steps[at];
    const hash = new URL(step.url, window.location.href).hash;
    const tab = hash && document.querySelector(`#tabs-items a[href="${hash}"], #tabs-dropdown a[href="${hash}"]`);
    if (tab) {
      tab.click();
    }
    marked = document.querySelector(step.at);
    box = document.createElement("section");
    box.className = "desk-tour";
    box.tabIndex = -1;
    box.setAttribute("aria-labelledby", "desk-tour-title");
    const title = document.createElement("h2");
    title.id = "desk-tour-title";
    title.textContent = `Step ${at + 1} of ${steps.length}: ${step.title}`;
    const words = document.createElement("p");
    words.textContent = step.words;
    const buttons = document.createElement("div");
    buttons.className = "desk-buttons";
    if (at > 0) {
      buttons.append(button("Back", () => go(steps, at - 1)));
    }
    if (at + 1 < steps.length) {
      buttons.append(button("Next", () => go(steps, at + 1)));
    }
    buttons.append(button(at + 1 < steps.length ? "End the tour" : "Done", () => end(at + 1 < steps.length ? at : 0)));
    box.append(title, words, buttons);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        end(at);
      }
    });
    document.body.append(box);
    // The tab that was pressed shows its rows a moment later.
    const place = box;
    setTimeout(() => {
      if (place !== box) {
        return;
      }
      if (marked) {
        marked.classList.add("desk-tour-here");
        marked.scrollIntoView({ block: "start" });
      }
      box.focus({ preventScroll: true });
    }, 100);
  }

  async function load() {
    const answer = await fetch(help.dataset.tourSteps);
    return answer.ok ? (await answer.json()).steps : [];
  }

  const now = state();
  if (now && now.open) {
    load().then((steps) => {
      if (steps[now.at] && isHere(steps[now.at])) {
        show(steps, now.at);
      }
    }).catch(() => {});
  }

  const offer = document.getElementById("desk-tour-offer");
  if (offer && !now) {
    offer.hidden = false;
  }
  const begin = document.getElementById("desk-tour-begin");
  if (begin) {
    begin.hidden = false;
    begin.querySelector("[data-tour=on]").hidden = !(now && now.at > 0);
  }
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-tour], [data-tour-at]");
    if (!pressed) {
      return;
    }
    if (pressed.dataset.tour === "not-now") {
      keep(0, false);
      offer.remove();
    } else if (pressed.dataset.tourAt) {
      // The link itself leads there.
      keep(Number(pressed.dataset.tourAt), true);
    } else {
      load().then((steps) => {
        const kept = state();
        const at = pressed.dataset.tour === "on" && kept && steps[kept.at] ? kept.at : 0;
        if (steps.length) {
          go(steps, at);
        }
      });
    }
  });
});
