"use strict";
// A form of another noun beside the page that refers to it: in a dialog at its side, not in a window of its own.
const deskPanel = (() => {
  function open(url, title, done) {
    if (document.querySelector(".desk-side[open]")) {
      return;
    }
    const opener = document.activeElement;
    const dialog = document.createElement("dialog");
    dialog.className = "desk-side";
    dialog.setAttribute("aria-label", title);
    const head = document.createElement("header");
    const words = document.createElement("h2");
    words.textContent = title;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    const frame = document.createElement("iframe");
    frame.title = title;
    frame.src = url;
    let typed = false;

    function leave() {
      window.removeEventListener("message", hear);
      dialog.close();
      dialog.remove();
      (document.contains(opener) ? opener : document.body).focus();
    }
    function askToLeave() {
      if (!typed || window.confirm("Close without saving what you typed here?")) {
        leave();
      }
    }
    function hear(event) {
      if (event.origin !== window.location.origin || event.source !== frame.contentWindow) {
        return;
      }
      if (event.data.desk === "close") {
        askToLeave();
      } else if (event.data.desk === "chosen") {
        leave();
        done(event.data);
      }
    }

    close.addEventListener("click", askToLeave);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      askToLeave();
    });
    frame.addEventListener("load", () => {
      frame.contentDocument.addEventListener("input", () => { typed = true; });
      frame.contentWindow.focus();
      frame.contentDocument.querySelector("#content-main form :is(input:not([type=hidden]), textarea, select)")?.focus();
    });
    window.addEventListener("message", hear);
    head.append(words, close);
    dialog.append(head, frame);
    document.body.append(dialog);
    dialog.showModal();
  }

  function tellParent(message) {
    window.parent.postMessage(message, window.location.origin);
  }

  const inPanel = window.parent !== window;
  if (inPanel) {
    document.addEventListener("keydown", (event) => {
      const busy = document.querySelector(".select2-container--open, dialog[open]");
      if (event.key === "Escape" && !busy && !event.defaultPrevented) {
        tellParent({ desk: "close" });
      }
    });
  }
  return { open, tellParent, inPanel };
})();
