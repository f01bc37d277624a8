"use strict";
// Nothing typed is lost. What is typed into the form of a row is kept in this browser, for this person and this form, until
// it is saved; a session that ended is taken up again without leaving the form.
document.addEventListener("DOMContentLoaded", () => {
  const PREFIX = "desk-draft:";
  const DAYS = 14;
  const bell = document.querySelector("[data-desk-user]");
  if (!bell) {
    return;
  }
  const user = bell.dataset.deskUser;
  const kept = bell.hasAttribute("data-desk-drafts");
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };
  for (const key of keys()) {
    const draft = read(key);
    if (!kept || Date.now() - (draft.at || 0) > DAYS * 864e5 || (draft.sent && key.startsWith(`${PREFIX}${user}:`) && document.querySelector("[data-saved]"))) {
      localStorage.removeItem(key);
    }
  }
  let left = false;
  const out = document.getElementById("logout-form");
  if (out) {
    // Who leaves on purpose leaves nothing behind on this machine.
    out.addEventListener("submit", () => {
      left = true;
      keys().filter((key) => key.startsWith(`${PREFIX}${user}:`)).forEach((key) => localStorage.removeItem(key));
    });
  }

  const form = document.querySelector("#content-main form.warn-unsaved-form, #content-main form[data-keep]");
  if (!form) {
    return;
  }
  const key = `${PREFIX}${user}:${location.pathname}${location.search}`;
  const UNKEPT = new Set(["hidden", "password", "file", "submit", "button", "image", "reset"]);
  const ours = (field) => field.name && !UNKEPT.has(field.type) && !field.name.includes("__prefix__");
  const fields = () => [...form.elements].filter(ours);
  const nameOf = (field) => (field.type === "radio" || field.type === "checkbox" ? `${field.name}=${field.value}` : field.name);
  const state = () => Object.fromEntries(fields().map((field) => [nameOf(field), deskValues.of(field)]));
  const rows = () => Object.fromEntries([...form.querySelectorAll("[name$=-TOTAL_FORMS]")].map((one) => [one.name, one.value]));
  const version = () => (form.elements.seen_version ? form.elements.seen_version.value : "");
  // A name that is withheld is kept nowhere but in the register.
  const withheld = () => fields().some((field) => /(^|-)withheld$/.test(field.name) && field.checked);
  let shown = JSON.stringify(state());
  let timer = 0;
  let sending = "";

  const store = () => {
    const now = state();
    timer = 0;
    if (left) {
      return;
    }
    if (!kept || withheld()) {
      localStorage.removeItem(key);
    } else if (JSON.stringify(now) !== shown) {
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), state: now, rows: rows(), version: version() }));
      } catch {
        // The browser keeps nothing more: it warns of leaving, as ever.
      }
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(store, 400);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  // What is sent without leaving the page, field by field or a row after the other: it can be sent again, and what was
  // saved is no draft.
  form.addEventListener("desk:answered", () => { sending = ""; });
  form.addEventListener("desk:saved", () => {
    clearTimeout(timer);
    timer = 0;
    shown = JSON.stringify(state());
    localStorage.removeItem(key);
  });
  window.addEventListener("pagehide", () => {
    if (timer && !sending) {
      store();
    }
  });

  const putBack = (draft) => {
    for (const [name, number] of Object.entries(draft.rows || {})) {
      const total = form.elements[name];
      const prefix = name.replace("-TOTAL_FORMS", "");
      const add = document.querySelector(`#${prefix}-group a.add-row`);
      for (let turn = 0; total && add && Number(total.value) < Number(number) && turn < 50; turn += 1) {
        add.click();
      }
    }
    for (const field of fields()) {
      const value = (draft.state || {})[nameOf(field)];
      if (value === undefined || JSON.stringify(deskValues.of(field)) === JSON.stringify(value)) {
        continue;
      }
      deskValues.put(field, value);
    }
  };

  const tell = (words, ...buttons) => {
    const note = document.createElement("div");
    note.className = "desk-note desk-draft";
    note.setAttribute("role", "status");
    note.append(words, " ", ...buttons.flatMap(([text, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "desk-button";
      button.textContent = text;
      button.addEventListener("click", () => {
        note.remove();
        act();
      });
      return [button, " "];
    }));
    document.getElementById("content-main").prepend(note);
  };

  const draft = read(key);
  const failed = document.querySelector("#content-main .errornote, #content-main [data-errors]");
  if (draft.state && !failed && JSON.stringify(draft.state) !== shown) {
    const when = new Date(draft.at).toLocaleString([], { dateStyle: "long", timeStyle: "short" });
    const changed = draft.version !== version() ? " The row was changed since: compare before you save." : "";
    tell(`You typed into this form on ${when} and did not save it.${changed}`,
      ["Put it back", () => putBack(draft)],
      ["Forget it", () => localStorage.removeItem(key)]);
  }

  const alive = () => fetch(bell.dataset.deskAlive, { redirect: "manual" });
  const logIn = () => new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "desk-log-in";
    dialog.setAttribute("aria-labelledby", "desk-log-in");
    dialog.innerHTML = `<form method="dialog"><h2 id="desk-log-in">Your session has ended</h2>
      <p>Log in again: what you typed is still here, and is saved then.</p>
      <p class="desk-refused" role="alert" hidden></p>
      <p data-sso hidden><a target="_blank" rel="noopener"></a>, then come back and press the button.</p>
      <label>User name <input name="username" autocomplete="username" required></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <div class="desk-buttons"><button class="desk-button" value="in">Log in and save</button> <button class="desk-button" type="button" data-no>Not now</button></div></form>`;
    document.body.append(dialog);
    const asked = dialog.querySelector("form");
    let second = "";
    let passkey = {};
    const { deskSso: provider, deskSsoAddress: there } = bell.dataset;
    const fields = asked.querySelectorAll("[name=username], [name=password]");
    if (provider) {
      const way = dialog.querySelector("[data-sso]");
      Object.assign(way.querySelector("a"), { href: there, textContent: `Log in with ${provider} in another tab` });
      way.hidden = false;
      fields.forEach((field) => { field.required = false; });
    }
    if ("deskNoPassword" in bell.dataset) {
      fields.forEach((field) => { field.closest("label").remove(); });
    }
    const refuse = (words) => {
      const told = dialog.querySelector(".desk-refused");
      told.textContent = words;
      told.hidden = false;
    };
    const labelled = (field) => field.closest("label");
    const askCode = () => {
      const label = document.createElement("label");
      const shows = deskPasskey.able && passkey.passkeyGet;
      label.innerHTML = `Code of your app, or a recovery code${shows ? "; leave it empty to show a passkey" : ""} <input name="code" autocomplete="one-time-code" maxlength="40">`;
      label.querySelector("input").required = !shows;
      asked.querySelectorAll("[name=username], [name=password]").forEach((field) => {
        field.disabled = true;
        labelled(field).hidden = true;
      });
      asked.querySelector(".desk-buttons").before(label);
      dialog.querySelector(".desk-refused").hidden = true;
      label.querySelector("input").focus();
    };
    const askPassword = () => {
      const code = asked.querySelector("[name=code]");
      if (code) {
        labelled(code).remove();
      }
      asked.querySelectorAll("[name=username], [name=password]").forEach((field) => {
        field.disabled = false;
        labelled(field).hidden = false;
      });
    };
    const end = (answer) => {
      dialog.remove();
      resolve(answer);
    };
    const goOn = async (answer) => {
      const told = await answer.json();
      if (String(told.user) !== user) {
        refuse("You logged in as somebody else. Log in as who typed this.");
        return;
      }
      form.elements.csrfmiddlewaretoken.value = told.csrf;
      end(true);
    };
    dialog.querySelector("[data-no]").addEventListener("click", () => end(false));
    dialog.addEventListener("cancel", () => end(false));
    asked.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const read = (text) => new DOMParser().parseFromString(text, "text/html");
        const tokenOf = (page) => (page.querySelector("[name=csrfmiddlewaretoken]") || { value: "" }).value;
        const data = new FormData(asked);
        if (second && passkey.passkeyGet && !data.get("code")) {
          try {
            data.set("passkey", await deskPasskey.show(passkey.passkeyGet));
          } catch (error) {
            refuse(deskPasskey.words(error, passkey.passkeyOrigin));
            return;
          }
        }
        if (provider && !second && !data.get("username")) {
          const answer = await alive();
          if (answer.ok) {
            await goOn(answer);
          } else {
            refuse(`You are not logged in yet. Log in with ${provider} first.`);
          }
          return;
        }
        // The page that asks for a code goes on from the password; to look at the first one again would begin anew.
        data.set("csrfmiddlewaretoken", second || tokenOf(read(await (await fetch(bell.dataset.deskLogin)).text())));
        const tried = await fetch(bell.dataset.deskLogin, { method: "POST", body: data, redirect: "manual" });
        if (tried.status === 429) {
          const minutes = Math.ceil(Number(tried.headers.get("Retry-After")) / 60);
          refuse(`Too many attempts to log in failed. Try again in ${minutes} minute${minutes === 1 ? "" : "s"}, or ask an administrator to unlock your account.`);
          return;
        }
        const next = tried.type === "opaqueredirect" ? null : read(await tried.text());
        if (next && next.querySelector("[data-set-up]")) {
          refuse("Your role needs a second factor now. Log in in another tab to set it up, then save here.");
          return;
        }
        if (next && next.querySelector("[name=code]")) {
          const again = Boolean(second);
          second = tokenOf(next);
          passkey = { ...next.querySelector("form[data-passkey-get]")?.dataset };
          if (again) {
            refuse(data.get("passkey") ? "That passkey was not taken. Try again, or give a code." : "That is not the code that your app shows now. Try the next one.");
          } else {
            askCode();
          }
          return;
        }
        const answer = await alive();
        if (!answer.ok) {
          if (second) {
            second = "";
            askPassword();
          }
          refuse("That is not the name and password of somebody who works here. Try again.");
          return;
        }
        await goOn(answer);
      } catch {
        refuse("The register cannot be reached. Try again in a moment.");
      }
    });
    dialog.showModal();
  });

  // What a second click sends as well would be entered twice.
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) {
      return;
    }
    if (sending === "on its way") {
      sending = "sent";
      setTimeout(() => { sending = ""; }, 4000);
      return;
    }
    event.preventDefault();
    if (sending) {
      return;
    }
    sending = "asked";
    clearTimeout(timer);
    store();
    const button = event.submitter;
    try {
      const answer = await alive();
      if (!answer.ok && !(await logIn())) {
        sending = "";
        return;
      }
    } catch {
      sending = "";
      tell("The register cannot be reached. What you typed is still in the form, and kept in this browser.", ["Close", () => {}]);
      return;
    }
    clearTimeout(timer);
    const now = read(key);
    if (now.state) {
      localStorage.setItem(key, JSON.stringify({ ...now, sent: Date.now() }));
    }
    sending = "on its way";
    form.requestSubmit(button && button.form === form ? button : undefined);
    if (sending === "on its way") {
      sending = "";
    }
  });
});
