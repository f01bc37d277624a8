"use strict";
// A field that somebody else changed too: a button takes their value, and gives back what was typed.
window.addEventListener("load", () => {
  for (const field of document.querySelectorAll("[data-theirs]")) {
    const theirs = JSON.parse(field.dataset.theirs);
    const yours = deskValues.of(field);
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    const name = label ? label.textContent.replace("*", "").trim() : field.getAttribute("aria-label") || "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "desk-button";
    let taken = false;
    const say = () => {
      button.textContent = taken ? "Take yours back" : "Take theirs";
      button.setAttribute("aria-label", `${button.textContent}: ${name}`);
    };
    say();
    button.addEventListener("click", () => {
      taken = !taken;
      deskValues.put(field, taken ? theirs : yours);
      say();
    });
    const search = field.nextElementSibling;
    (search && search.classList.contains("select2-container") ? search : field).after(button);
  }
});
