"use strict";
// The row that was just entered, on the page that one came back to: its tab is opened, and it is marked.
window.addEventListener("load", () => {
  const [noun, key] = (new URLSearchParams(window.location.search).get("new") || "").split(".");
  if (!/^[a-z]+$/.test(noun || "") || !/^\d+$/.test(key || "")) {
    return;
  }
  const link = document.querySelector(`#content a[href*="/${noun}/${key}/change/"]`);
  const row = link && (link.closest(".desk-rival, .form-group, tbody.form-group, tr, li, article") || link);
  if (!row) {
    return;
  }
  const rows = row.closest("[data-inline-type]");
  const tab = rows && document.querySelector(`#tabs-items a[href="#${rows.id.replace(/-group$/, "")}"]`);
  if (tab) {
    tab.click();
  }
  for (let fold = row.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  row.classList.add("desk-new");
  setTimeout(() => row.scrollIntoView({ block: "center" }), 50);
});
