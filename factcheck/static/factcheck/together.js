"use strict";
// The section "Working together" below the form of a row: loaded once the page stands, and sent without leaving it, so
// that nothing typed into the form is lost.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("together");
  if (!place) {
    return;
  }
  const PAUSE = 30000;
  const script = { "X-Desk-Script": "1" };

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
    const counts = {};
    place.querySelectorAll("div.desk-thread [data-of]").forEach((one) => {
      (counts[one.dataset.of] ||= []).push(one.id);
    });
    const seen = new Set();
    document.querySelectorAll("#content-main form label[for]").forEach((label) => {
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
      const found = counts[name] || [];
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
    const after = place.querySelector("[data-here]");
    if (before && after) {
      after.textContent = before.textContent;
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

  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const buttons = form.querySelectorAll("button");
    const data = new FormData(form, event.submitter);
    buttons.forEach((one) => { one.disabled = true; });
    const refuse = (words) => {
      let told = form.querySelector(".desk-refused");
      if (!told) {
        told = document.createElement("p");
        told.className = "desk-refused";
        told.setAttribute("role", "alert");
        form.prepend(told);
      }
      told.textContent = words;
    };
    try {
      const answer = await fetch(place.dataset.address, { method: "POST", body: data, headers: script });
      const html = await answer.text();
      if (answer.ok && !answer.redirected) {
        show(html);
      } else if (answer.status === 422) {
        const page = new DOMParser().parseFromString(html, "text/html");
        refuse(page.querySelector(".desk-refused").textContent.trim());
      } else {
        refuse("This was not sent: log in again in another window, then try once more. What you typed is still here.");
      }
    } catch {
      refuse("This was not sent: the register cannot be reached. What you typed is still here.");
    }
    buttons.forEach((one) => { one.disabled = false; });
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
      const answer = await fetch(`${place.dataset.address}here/`, {
        method: "POST", headers: { ...script, "X-CSRFToken": token.value },
      });
      if (answer.ok && !answer.redirected) {
        const { others } = await answer.json();
        place.querySelector("[data-here]").textContent = others.length ? `Also here: ${others.join(", ")}` : "";
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
