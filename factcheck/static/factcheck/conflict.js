"use strict";
// A field that somebody else changed too: a button takes their value, and gives back what was typed.
window.addEventListener("load", () => {
  function put(field, value, text) {
    if (typeof value === "boolean") {
      field.checked = value;
    } else if (field instanceof HTMLSelectElement) {
      const wanted = [value].flat();
      for (const key of wanted) {
        if (![...field.options].some((one) => one.value === key)) {
          field.append(new Option(text, key));
        }
      }
      [...field.options].forEach((one) => { one.selected = wanted.includes(one.value); });
    } else {
      field.value = value;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (window.django && window.django.jQuery) {
      window.django.jQuery(field).trigger("change.select2");
    }
  }

  function valueOf(field) {
    if (field.type === "checkbox") {
      return field.checked;
    }
    return field.multiple ? [...field.selectedOptions].map((one) => one.value) : field.value;
  }

  for (const field of document.querySelectorAll("[data-theirs]")) {
    const [theirs, text] = JSON.parse(field.dataset.theirs);
    const yours = valueOf(field);
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    const name = label ? label.textContent.replace("*", "").trim() : "";
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
      put(field, taken ? theirs : yours, text);
      say();
    });
    const search = field.nextElementSibling;
    (search && search.classList.contains("select2-container") ? search : field).after(button);
  }
});
