"use strict";
// A passkey in the place of a code, where a form asks for one, and a new one, where a form adds it: what it answers goes
// with the form. Without passkeys, or without this script, the code is left.
const deskPasskey = (() => {
  const { credentials } = navigator;
  const KIND = window.PublicKeyCredential;
  const able = Boolean(credentials && KIND?.parseRequestOptionsFromJSON && KIND.parseCreationOptionsFromJSON);
  const TOLD = {
    NotAllowedError: "No passkey came: it was broken off, or took too long. Try again.",
    InvalidStateError: "That passkey is set up already. Take another.",
    NotSupportedError: "That passkey signs in no way that the register knows. Take another.",
  };
  const waiting = new WeakSet();
  const answered = new WeakSet();

  const answerOf = async (asked) => JSON.stringify((await asked).toJSON());
  const show = (options) => answerOf(credentials.get({ publicKey: KIND.parseRequestOptionsFromJSON(JSON.parse(options)) }));
  const make = (options) => answerOf(credentials.create({ publicKey: KIND.parseCreationOptionsFromJSON(JSON.parse(options)) }));
  const words = (error, origin) => {
    if (error.name === "SecurityError" && origin !== location.origin) {
      return `Passkeys are shown at ${origin} alone: open the register there.`;
    }
    return TOLD[error.name] || `Your browser could not ask for a passkey (${error.name}).`;
  };

  async function ask(form, button) {
    const { passkeyGet, passkeyCreate, passkeyOrigin } = form.dataset;
    const told = form.querySelector("[data-passkey-told]");
    told.hidden = true;
    waiting.add(form);
    try {
      form.elements.passkey.value = await (passkeyCreate ? make(passkeyCreate) : show(passkeyGet));
      answered.add(form);
    } catch (error) {
      told.textContent = words(error, passkeyOrigin);
      told.hidden = false;
    }
    waiting.delete(form);
    if (answered.has(form)) {
      form.requestSubmit(button);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const adds = "passkeyCreate" in form.dataset;
    if (!able || (!adds && !("passkeyGet" in form.dataset)) || answered.delete(form)) {
      return;
    }
    form.elements.passkey.value = "";
    // A name is there to be sent with the passkey, a code in its place.
    const { code, name } = form.elements;
    const wanted = adds ? name.value.trim() : event.submitter?.closest("[data-passkey]") || !code.value.trim();
    if (wanted || waiting.has(form)) {
      event.preventDefault();
    }
    if (wanted && !waiting.has(form)) {
      ask(form, event.submitter);
    }
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (able) {
      document.querySelectorAll("[data-passkey], [data-passkey-create]").forEach((part) => { part.hidden = false; });
      document.querySelectorAll("[data-passkey-none]").forEach((part) => { part.hidden = true; });
    }
  });
  return { able, show, words };
})();
