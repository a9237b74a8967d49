// Passkeys: asks the house what the device is to sign, asks the device, and sends its answer with the form. What needs a
// passkey is shown only where this browser can have one; every such page has another way. No dependency, no inline code.
"use strict";

(() => {
  if (!window.isSecureContext || !window.PublicKeyCredential || !navigator.credentials?.create) return;
  for (const one of document.querySelectorAll("[data-passkey-only]")) one.hidden = false;
  for (const one of document.querySelectorAll("[data-passkey-cannot]")) one.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) ask(form);

  function ask(form) {
    const says = form.querySelector("[data-passkey-says]");
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      says.hidden = true;
      try {
        form.elements.credential.value = "";
        form.elements.credential.value = JSON.stringify(await signed(form));
        form.submit();
      } catch (problem) {
        const known = { NotAllowedError: "no", AbortError: "no", InvalidStateError: "has", SecurityError: "place" };
        says.textContent = problem.sentence ?? says.dataset[known[problem.name] ?? "lost"];
        says.hidden = false;
        busy = false;
      }
    });
    addEventListener("pageshow", () => { busy = false; });
  }

  async function signed(form) {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const asked = await answer.json(); // a page instead: signed out, or too many tries
    if (!answer.ok) throw Object.assign(new Error(), { sentence: asked.error });
    const publicKey = asked.publicKey;
    publicKey.challenge = bytes(publicKey.challenge);
    for (const list of ["excludeCredentials", "allowCredentials"]) {
      for (const one of publicKey[list] ?? []) one.id = bytes(one.id);
    }
    if (form.dataset.passkey === "create") {
      publicKey.user.id = bytes(publicKey.user.id);
      return plain(await navigator.credentials.create({ publicKey }), ["clientDataJSON", "attestationObject"]);
    }
    return plain(await navigator.credentials.get({ publicKey }), ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
  }

  function plain(credential, parts) {
    const kept = parts.filter((part) => credential.response[part]).map((part) => [part, text(credential.response[part])]);
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: Object.fromEntries(kept) };
  }

  function bytes(words) {
    return Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  }

  function text(buffer) {
    const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
})();
