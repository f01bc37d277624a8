"use strict";
// What the desk says to itself: the section "Working together" below the form of a row, loaded once the page stands, and
// the talk at the lines of a page. Both are sent without leaving it, so that nothing typed into a form is lost.
document.addEventListener("DOMContentLoaded", () => {
  const PAUSE = 30000;
  const script = { "X-Desk-Script": "1" };

  const refuse = (form, words) => {
    let told = form.querySelector(".desk-refused");
    if (!told) {
      told = document.createElement("p");
      told.className = "desk-refused";
      told.setAttribute("role", "alert");
      form.prepend(told);
    }
    told.textContent = words;
  };

  const send = async (place, form, submitter, show) => {
    const buttons = form.querySelectorAll("button");
    const data = new FormData(form, submitter);
    buttons.forEach((one) => { one.disabled = true; });
    try {
      const answer = await fetch(place.dataset.address, { method: "POST", body: data, headers: script });
      const html = await answer.text();
      if (answer.ok && !answer.redirected) {
        show(html);
      } else if (answer.status === 422) {
        const page = new DOMParser().parseFromString(html, "text/html");
        refuse(form, page.querySelector(".desk-refused").textContent.trim());
      } else {
        refuse(form, "This was not sent: log in again in another window, then try once more. What you typed is still here.");
      }
    } catch {
      refuse(form, "This was not sent: the register cannot be reached. What you typed is still here.");
    }
    buttons.forEach((one) => { one.disabled = false; });
  };

  // The lines of a page.
  const openerOf = (line) => document.querySelector(`[data-talk="${line.id}"]`);
  const fill = (line, html) => {
    line.innerHTML = html;
    line.hidden = false;
    const opener = openerOf(line);
    const said = [...line.querySelectorAll(".desk-comment")].filter((one) => one.querySelector(".desk-said")).length;
    opener.setAttribute("aria-expanded", "true");
    opener.querySelector("[data-count]").textContent = said ? `${said} comment${said > 1 ? "s" : ""}` : "Comment";
  };
  document.addEventListener("click", async (event) => {
    const opener = event.target.closest("[data-talk]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const line = document.getElementById(opener.dataset.talk);
    if (!line.querySelector("form")) {
      try {
        const answer = await fetch(line.dataset.address, { headers: script });
        if (!answer.ok || answer.redirected) {
          throw new Error();
        }
        fill(line, await answer.text());
      } catch {
        location.assign(opener.href);
        return;
      }
    } else if (!line.hidden && line.contains(document.activeElement)) {
      return;
    }
    line.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    line.querySelector(".desk-say textarea").focus();
  });
  document.addEventListener("submit", (event) => {
    const line = event.target.closest(".desk-line");
    if (line) {
      event.preventDefault();
      send(line, event.target, event.submitter, (html) => {
        fill(line, html);
        openerOf(line).focus();
      });
    }
  });

  // A page with a decision on it is not left while something was typed at a line and not sent.
  const decision = document.querySelector("form[data-plain]");
  const unsent = () => [...document.querySelectorAll(".desk-line textarea, #together textarea")].find((one) => one.value.trim() && one.value !== one.defaultValue);
  if (decision) {
    document.addEventListener("submit", (event) => {
      const typed = event.target === decision && unsent();
      if (typed) {
        event.preventDefault();
        event.stopPropagation();
        refuse(decision, "You typed a comment and did not send it. Send it, or clear it, before you decide.");
        for (let fold = typed.closest("details"); fold; fold = fold.parentElement.closest("details")) {
          fold.open = true;
        }
        typed.focus();
      }
    }, true);
    window.addEventListener("beforeunload", (event) => {
      if (unsent()) {
        event.preventDefault();
      }
    });
  }

  // The rest of a long part of a page, without leaving it.
  document.addEventListener("click", async (event) => {
    const more = event.target.closest("a[data-more]");
    if (!more || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const part = document.getElementById(more.dataset.more);
    try {
      const answer = await fetch(more.href);
      const whole = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(more.dataset.more);
      if (!answer.ok || answer.redirected || !whole) {
        throw new Error();
      }
      const known = new Set([...part.querySelectorAll("li[id]")].map((one) => one.id));
      part.replaceWith(whole);
      const first = [...whole.querySelectorAll("li[id]")].find((one) => !known.has(one.id));
      first.querySelector("a").focus();
    } catch {
      location.assign(more.href);
    }
  });

  const place = document.getElementById("together");
  if (!place) {
    return;
  }

  const aboutField = (name, label) => {
    const form = place.querySelector(".desk-say");
    form.elements.about.value = name;
    form.querySelector(".desk-about").hidden = !name;
    form.querySelector("[data-about]").textContent = label;
    if (name) {
      form.elements.text.focus();
    }
  };

  const mark = () => {
    document.querySelectorAll(".desk-about-field").forEach((one) => one.remove());
    const counts = new Map();
    place.querySelectorAll("div.desk-thread [data-of]").forEach((one) => {
      counts.set(one.dataset.of, [...(counts.get(one.dataset.of) || []), one.id]);
    });
    const seen = new Set();
    document.querySelectorAll("#content-main form:not([data-plain]) label[for]").forEach((label) => {
      const input = document.getElementById(label.htmlFor);
      const name = input && input.name;
      // Rows of rows have no name of their own that would stay.
      if (!name || place.contains(label) || seen.has(name) || /-\d+-|__prefix__/.test(name)) {
        return;
      }
      seen.add(name);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "desk-about-field";
      const found = counts.get(name) || [];
      const words = label.textContent.replace("*", "").trim();
      button.textContent = found.length ? `${found.length} comment${found.length > 1 ? "s" : ""}` : "comment";
      button.setAttribute("aria-label", found.length ? `${button.textContent} about ${words}` : `Comment on ${words}`);
      button.classList.toggle("desk-has", found.length > 0);
      button.addEventListener("click", () => {
        if (found.length) {
          document.getElementById(found[0]).scrollIntoView({ block: "center" });
        } else {
          aboutField(name, words);
        }
      });
      label.after(button);
    });
  };

  const show = (html) => {
    const before = place.querySelector("[data-here]");
    place.innerHTML = html;
    if (before) {
      place.querySelector("[data-here]").textContent = before.textContent;
    }
    mark();
  };

  const load = async () => {
    const answer = await fetch(place.dataset.address, { headers: script });
    if (answer.ok && !answer.redirected) {
      show(await answer.text());
      if (location.hash.startsWith("#comment-")) {
        const target = document.getElementById(location.hash.slice(1));
        if (target) {
          (target.closest("details.desk-thread") || {}).open = true;
          target.scrollIntoView({ block: "center" });
        }
      }
    }
  };

  place.addEventListener("submit", (event) => {
    event.preventDefault();
    send(place, event.target, event.submitter, show);
  });

  place.addEventListener("click", (event) => {
    if (event.target.matches("[data-forget]")) {
      aboutField("", "");
    }
  });

  const here = async () => {
    const token = place.querySelector("[name=csrfmiddlewaretoken]");
    if (document.visibilityState !== "visible" || !token) {
      return;
    }
    try {
      const answer = await fetch(`${place.dataset.address.split("?")[0]}here/`, {
        method: "POST", headers: { ...script, "X-CSRFToken": token.value },
      });
      if (answer.ok && !answer.redirected) {
        const { others } = await answer.json();
        const told = others.length ? `Also here: ${others.join(", ")}` : "";
        document.querySelectorAll("[data-here]").forEach((one) => { one.textContent = told; });
      }
    } catch {
      // Next time.
    }
  };

  if (place.hasAttribute("data-loaded")) {
    mark();
    here();
  } else {
    load().then(here).catch(() => {});
  }
  setInterval(here, PAUSE);
});
