"use strict";
// The row that was just entered, on the page that one came back to: its tab is opened, and it is marked.
window.addEventListener("load", () => {
  // Before a tab is opened, which writes its own name there.
  const comment = /^#comment-\d+$/.test(window.location.hash) ? window.location.hash : "";
  const [noun, key] = (new URLSearchParams(window.location.search).get("new") || "").split(".");
  if (!/^[a-z]+$/.test(noun || "") || !/^\d+$/.test(key || "")) {
    return;
  }
  const groups = [...document.querySelectorAll(`[data-rows-of="${noun}"]`)].map((one) => one.closest("[data-inline-type]"));
  const input = groups.map((one) => one.querySelector(`input[name$="-id"][value="${key}"]`)).find(Boolean);
  // What is to be looked at of a row stands above the row itself.
  const links = [...document.querySelectorAll(`#content a[href*="/${noun}/${key}/change/"]`)];
  const link = links.find((one) => !one.closest(".desk-concerns")) || links[0];
  const row = input ? input.closest(".form-group") || input.closest("tr") : link && (link.closest(".desk-rival, .form-group, tbody.form-group, tr, li, article") || link);
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
  if (comment) {
    const pages = document.querySelector(`[data-rows-of="${noun}"]`);
    tell(row, pages ? pages.dataset.page.replace("/0/", `/${key}/`) : link.getAttribute("href"), noun, key, comment);
  }
});

// What was said about the row, below its heading. A form within the form of the page is none: it is answered on the page
// of the row itself.
async function tell(row, page, noun, key, comment) {
  const together = document.getElementById("together");
  if (!together) {
    return;
  }
  const address = together.dataset.address.split("?")[0].replace(/[^/]+\/\d+\/$/, `${noun}/${key}/?line=1`);
  const own = document.createElement("a");
  own.className = "desk-link";
  own.href = page.split("?")[0] + comment;
  own.textContent = "Answer on the page of this row";
  const said = document.createElement("div");
  said.className = "desk-line desk-said-here";
  try {
    const answer = await fetch(address, { headers: { "X-Desk-Script": "1" } });
    if (answer.ok && !answer.redirected) {
      const told = new DOMParser().parseFromString(await answer.text(), "text/html");
      told.querySelectorAll("form, .desk-acts").forEach((one) => one.remove());
      said.append(...told.body.querySelectorAll(".desk-thread"));
    }
  } catch {
    // The way to the page of the row is there.
  }
  said.append(own);
  if (row.tagName === "TBODY" || row.tagName === "TR") {
    const cell = document.createElement("td");
    cell.colSpan = 100;
    cell.append(said);
    const line = document.createElement("tr");
    line.append(cell);
    row.tagName === "TR" ? row.after(line) : row.append(line);
  } else {
    const heading = row.querySelector("h3");
    heading ? heading.after(said) : row.append(said);
  }
  row.scrollIntoView({ block: "center" });
}
