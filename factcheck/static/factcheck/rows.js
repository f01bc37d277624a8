"use strict";
// Rows under a page are sent as their values. Each is put on the form of a new row here, before anything else looks at the
// page: to all other scripts it is as if the server had drawn them.
for (const sent of document.querySelectorAll("script[data-rows]")) {
  const prefix = sent.dataset.rows;
  const list = sent.parentElement;
  const empty = list.querySelector(":scope > .empty-form");
  const shell = list.querySelector(":scope > template[data-row]");
  const told = JSON.parse(sent.textContent);
  const isField = (one) => one.tagName !== "H3" && !one.classList.contains("delete");
  const fields = [...empty.querySelector(".form-row").children].filter(isField).map((one) => one.outerHTML).join("\n");
  const keys = [...empty.querySelectorAll(":scope > input")].map((one) => one.outerHTML).join("\n");

  const put = (field, value) => {
    if (typeof value === "boolean") {
      field.toggleAttribute("checked", value);
    } else if (Array.isArray(value)) {
      [...field.options].forEach((one) => one.removeAttribute("selected"));
      for (const [chosen, words] of value) {
        const option = [...field.options].find((one) => one.value === chosen) || field.appendChild(new Option(words, chosen));
        option.setAttribute("selected", "");
      }
    } else if (field.tagName === "TEXTAREA") {
      field.textContent = value;
    } else {
      field.setAttribute("value", value);
    }
  };

  const made = document.createElement("template");
  const whole = shell.innerHTML.trim();
  made.innerHTML = told.map((row, place) =>
    whole.replace(/<template data-(fields|keys)=""><\/template>/g, (_all, part) => (part === "keys" ? keys : fields))
      .replaceAll("__prefix__", place).replaceAll(`${prefix}-0-`, `${prefix}-${place}-`)
      .replaceAll("/__key__/", `/${row.pk}/`)).join("\n");
  [...made.content.children].forEach((row, place) => {
    const { title, fields: values, shown = [] } = told[place];
    const name = row.querySelector("[data-title]");
    if (name) {
      name.textContent = title;
      name.removeAttribute("data-title");
    }
    const begin = `${prefix}-${place}-`;
    for (const field of row.querySelectorAll("[name]")) {
      const own = field.name.startsWith(begin) ? field.name.slice(begin.length) : "";
      if (Object.hasOwn(values, own)) {
        put(field, values[own]);
      }
    }
    [...row.querySelectorAll(".readonly")].forEach((one, at) => { one.innerHTML = shown[at]; });
  });
  made.content.lastElementChild.classList.add("last");
  empty.before(made.content);
  shell.remove();
  sent.remove();
}
