"use strict";
// What a field of a form says, and how it is made to say something else: a box to tick true or false, a list what is
// chosen in it as [value, words], all else its text.
const deskValues = (() => {
  function of(field) {
    if (field.type === "checkbox" || field.type === "radio") {
      return field.checked;
    }
    return field.tagName === "SELECT" ? [...field.selectedOptions].map((one) => [one.value, one.text]) : field.value;
  }

  function put(field, value) {
    if (typeof value === "boolean") {
      field.checked = value;
    } else if (Array.isArray(value)) {
      [...field.options].forEach((one) => { one.selected = false; });
      for (const [chosen, text] of value) {
        const option = [...field.options].find((one) => one.value === chosen) || field.appendChild(new Option(text, chosen));
        option.selected = true;
      }
    } else {
      field.value = value;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (window.django && window.django.jQuery) {
      window.django.jQuery(field).trigger("change.select2");
    }
  }
  return { of, put };
})();
