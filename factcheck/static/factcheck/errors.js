"use strict";
// What is wrong with a form is said at its top; the first wrong field is gone to, wherever it is folded away.
(() => {
  function showTab(name) {
    const tab = document.querySelector(`#tabs-items a[href="#${name}"], #tabs-dropdown a[href="#${name}"]`);
    if (tab && !tab.classList.contains("active")) {
      tab.click();
    }
  }

  function focusable(field) {
    const search = field.nextElementSibling;
    if (search && search.classList.contains("select2-container")) {
      return search.querySelector(".select2-selection");
    }
    return field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea, a") || field;
  }

  function goTo(id) {
    const field = document.getElementById(id);
    if (!field) {
      return false;
    }
    const rows = field.closest("[data-inline-type]");
    showTab(rows ? rows.id.replace(/-group$/, "") : "general");
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    const heading = field.closest(".form-group")?.querySelector("h3.cursor-pointer");
    if (heading && field.offsetParent === null) {
      heading.click();
    }
    requestAnimationFrame(() => {
      const target = focusable(field);
      target.scrollIntoView({ block: "center" });
      target.focus({ preventScroll: true });
    });
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#desk-errors a[href^='#']");
    if (link && goTo(link.hash.slice(1))) {
      event.preventDefault();
    }
  });
  // The theme's tabs and folds are there once its own scripts have run.
  window.addEventListener("load", () => {
    const first = document.querySelector("#desk-errors a[href^='#']");
    if (first) {
      setTimeout(() => goTo(first.hash.slice(1)), 50);
    }
  });
})();
