"use strict";
// Search fields: each entry with what tells it apart, and a last one that creates a row, in a panel at the side.
{
  const $ = django.jQuery;
  const CREATE = "create:";

  function labelOf(element) {
    const label = document.querySelector(`label[for="${CSS.escape(element.id)}"]`);
    const column = element.closest("[data-label]");
    return (label ? label.textContent : column ? column.dataset.label : element.name).replace("*", "").trim();
  }

  function entry(row) {
    if (row.loading) {
      return row.text;
    }
    const shown = document.createElement("span");
    shown.className = row.create ? "desk-pick desk-pick-create" : "desk-pick";
    const words = document.createElement("span");
    words.textContent = row.text;
    words.dir = "auto";
    shown.append(words);
    if (row.details) {
      const details = document.createElement("small");
      details.textContent = row.details;
      shown.append(details);
    }
    return shown;
  }

  function take(element, id, text) {
    let option = element.querySelector(`option[value="${CSS.escape(id)}"]`);
    if (!option) {
      option = new Option(text, id);
      element.append(option);
    }
    option.textContent = text;
    element.value = id;
    $(element).trigger("change");
    element.nextElementSibling?.querySelector(".select2-selection")?.focus();
  }

  function create(element, offer) {
    $(element).select2("close");
    deskPanel.open(offer.url, offer.text, (told) => take(element, told.value, told.obj));
  }

  function name(element) {
    const words = labelOf(element);
    const selection = element.nextElementSibling.querySelector(".select2-selection");
    const held = element.nextElementSibling.querySelector(".select2-selection__rendered");
    const title = document.createElement("span");
    title.id = `${element.id}-name`;
    title.className = "desk-unseen";
    title.textContent = words;
    selection.before(title);
    selection.setAttribute("aria-labelledby", `${title.id} ${held.id}`);
    // It only shows what is chosen; the field is the element around it.
    held.removeAttribute("role");
    held.removeAttribute("aria-readonly");
    $(element).on("select2:close", () => selection.removeAttribute("aria-controls"));
    $(element).on("select2:open", () => {
      selection.setAttribute("aria-controls", selection.getAttribute("aria-owns"));
      document.querySelector(".select2-container--open .select2-search__field")?.setAttribute("aria-label", `${words}: search`);
      document.querySelector(".select2-container--open .select2-results__options")?.setAttribute("aria-label", words);
    });
  }

  function offer(element) {
    let last = null;
    $(element).select2({
      ajax: {
        data: (params) => ({
          term: params.term,
          page: params.page,
          app_label: element.dataset.appLabel,
          model_name: element.dataset.modelName,
          field_name: element.dataset.fieldName,
        }),
        processResults: (data) => {
          last = data.create;
          const results = [...data.results];
          if (data.create && !data.pagination.more) {
            results.push({ id: CREATE, text: data.create.text, create: data.create });
          }
          return { results, pagination: data.pagination };
        },
      },
      templateResult: entry,
    });
    $(element).on("select2:selecting", (event) => {
      const chosen = event.params.args.data;
      if (chosen.create) {
        event.preventDefault();
        create(element, chosen.create);
      }
    });
    $(element).on("select2:open", () => {
      const field = document.querySelector(".select2-container--open .select2-search__field");
      // Before the list has it, or where the list is too long to walk to its end.
      field.onkeydown = (event) => {
        if (event.ctrlKey && event.key === "Enter" && last) {
          event.preventDefault();
          create(element, last);
        }
      };
    });
    name(element);
  }

  $(() => {
    $(".admin-autocomplete").not("[name*=__prefix__]").each((_place, element) => offer(element));
    // The links beside a field, which would open a window.
    $("body").on("django:show-related", ".related-widget-wrapper-link", (event) => {
      const link = event.currentTarget;
      const element = document.getElementById(link.dataset.field || link.id.replace(/^(change|add)_/, ""));
      if (element instanceof HTMLSelectElement) {
        event.preventDefault();
        deskPanel.open(link.href, link.title, (told) => take(element, told.new_value || told.value, told.obj));
      }
    });
  });
  document.addEventListener("formset:added", (event) => {
    $(event.target).find(".admin-autocomplete").each((_place, element) => offer(element));
  });
}
