// Small comforts on pages that work without them: the cursor goes where it is needed, a form leaves once, answers are
// saved as they are chosen, number keys choose. No dependency, no inline code.
"use strict";

(() => {
  // What was refused, or two texts to compare, is read first.
  document.querySelector("[data-focus]")?.focus();

  // A way out leaves no page behind it.
  for (const link of document.querySelectorAll("[data-leave]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.body.hidden = true;
      document.title = "";
      location.replace(link.href);
    });
  }

  // The menus at the top close on Escape and when the page is touched elsewhere.
  for (const menu of document.querySelectorAll("details.person, details.more-rooms")) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  for (const form of document.querySelectorAll("form[data-save-url]")) saveAsTyped(form);
  for (const form of document.querySelectorAll("form[data-once]")) sendOnce(form);
  for (const field of document.querySelectorAll("input[data-shrink]")) field.addEventListener("change", () => shrink(field));
  // On a shared computer nothing that was typed comes back with the page.
  for (const form of document.querySelectorAll("form[data-forget]")) {
    addEventListener("pagehide", () => form.reset());
    addEventListener("pageshow", (event) => { if (event.persisted) form.reset(); });
  }
  for (const row of document.querySelectorAll("[data-weighs]")) countOnceMeant(row);
  for (const grid of document.querySelectorAll("[data-answers]")) chooseByKeys(grid);

  // Nobody is her own back-up.
  for (const row of document.querySelectorAll(".rota-row")) {
    const first = row.querySelector("select[name$=-person]");
    const behind = row.querySelector("select[name$=-backup]");
    if (!first || !behind) continue;
    const part = () => {
      for (const one of behind.options) one.disabled = one.value !== "" && one.value === first.value;
    };
    first.addEventListener("change", part);
    part();
  }

  // A second click does nothing; coming back to the page wakes the form again.
  function sendOnce(form) {
    const buttons = () => form.querySelectorAll("button:not([type=button])");
    const rest = (away) => buttons().forEach((one) => {
      if (away) one.setAttribute("aria-disabled", "true"); else one.removeAttribute("aria-disabled");
    });
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (sent) return event.preventDefault();
      sent = true;
      rest(true);
    });
    addEventListener("pageshow", () => { sent = false; rest(false); });
  }

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // Each change is posted alone, one after another: the field, the token, a key of its own and the version last seen.
  // The answer is JSON: version and key renew the hidden fields, go leads to another page, error is shown as it is.
  function saveAsTyped(form) {
    const status = form.querySelector("[data-saved]");
    const say = (sentence) => { if (status) status.textContent = sentence; };
    const words = status?.dataset ?? {};
    const waiting = new Map();
    const keys = new Map(); // one for each change, so that one sent again after a lost answer counts once
    let running = null;
    let stopped = false;
    let leaving = false;
    let resting = 0;
    const rested = new Map(); // what was saved of a field while somebody was in it
    let typed = null; // the field whose words wait for a rest
    let passed = null; // a choice of a list that a key passed over, and that is not meant yet

    const take = (field) => {
      clearTimeout(resting);
      typed = null;
      const { name, type, checked, value } = field;
      if (!name || stopped) return;
      waiting.delete(name);
      waiting.set(name, type === "checkbox" && !checked ? "" : value); // a mark that was taken away is empty
      keys.set(name, newKey());
      running ??= saveAll();
    };
    const mean = () => {
      if (passed) take(passed);
      passed = null;
    };
    // In a list each arrow and each letter is a change; it is meant on Enter, on leaving, or when it was pressed.
    let byKey = false;
    form.addEventListener("keydown", (event) => {
      byKey = event.target.tagName === "SELECT" && event.key !== "Enter";
      if (event.key === "Enter" && passed) {
        event.preventDefault();
        mean();
      }
    }, true);
    form.addEventListener("pointerdown", () => { byKey = false; }, true);
    form.addEventListener("focusout", (event) => {
      byKey = false;
      mean();
      // To the browser a field that is as empty as when it was entered did not change, whatever was saved in between.
      const { name, value } = event.target;
      if (rested.has(name) && rested.get(name) !== value) take(event.target);
      rested.delete(name);
    });
    form.addEventListener("submit", mean, true);
    form.addEventListener("change", (event) => {
      if (byKey && event.target.tagName === "SELECT") passed = event.target; else take(event.target);
    });
    // Words are saved in each rest while they are typed. A field that was emptied waits until it is left: what stood below it
    // may move up then.
    form.addEventListener("input", (event) => {
      const field = event.target;
      if (field.tagName !== "TEXTAREA" && field.type !== "text") return;
      clearTimeout(resting);
      typed = field.value.trim() ? field : null;
      if (typed) resting = setTimeout(() => { rested.set(field.name, field.value); take(field); }, 2000);
    });
    document.addEventListener("visibilitychange", () => { if (document.hidden && typed) take(typed); });
    const entry = /^#[\w-]+$/.test(location.hash) && form.querySelector(location.hash);
    if (entry) (entry.querySelectorAll("select, textarea, input:not([type=hidden])")[1] ?? entry).focus();
    addEventListener("online", () => { if (waiting.size) running ??= saveAll(); });

    // Leaving with the main button waits for what is still on its way, so that nobody collides with themselves.
    form.addEventListener("submit", (event) => {
      if (!running) return;
      event.preventDefault();
      const button = event.submitter;
      running.then(() => { if (!leaving) form.requestSubmit(button); });
    });
    async function saveAll() {
      say(words.saving);
      while (waiting.size && !stopped) {
        const [name, value] = waiting.entries().next().value;
        if (!await saveOne(name, value)) break;
        if (waiting.get(name) === value) waiting.delete(name);
      }
      running = null;
    }

    // True when the next one may follow.
    async function saveOne(name, value) {
      const body = new URLSearchParams({ [name]: value });
      body.set("save_key", keys.get(name));
      for (const own of ["csrfmiddlewaretoken", "version"]) {
        if (form.elements[own]) body.set(own, form.elements[own].value);
      }
      let response;
      try {
        response = await fetch(form.dataset.saveUrl, { method: "POST", body, headers: { Accept: "application/json" } });
      } catch {
        say(words.later);
        setTimeout(() => { if (waiting.size) running ??= saveAll(); }, 5000);
        return false;
      }
      // A page instead of JSON: signed out, or the form is too old. Sending the form itself says so in full.
      const said = await response.json().catch(() => null);
      if (!said) {
        stopped = true;
        say(words.lost);
        return false;
      }
      for (const own of ["key", "version"]) {
        if (own in said && form.elements[own]) form.elements[own].value = said[own];
      }
      if (said.go) {
        leaving = true;
        stopped = true;
        location.assign(said.go);
        return false;
      }
      if (!response.ok) {
        if (response.status === 409) stopped = true; else waiting.delete(name);
        say(said.error ?? words.lost);
        return false;
      }
      say(said.message ?? words.done);
      return true;
    }
  }

  // A photo is made small before it leaves the device: a family loads it on a phone, and a camera's words stay behind. What
  // cannot be read here is sent as it is.
  async function shrink(field) {
    const [file] = field.files;
    if (!file) return;
    try {
      const picture = await createImageBitmap(file);
      const side = Math.min(picture.width, picture.height);
      const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 480 });
      const at = [(picture.width - side) / 2, (picture.height - side) / 2];
      canvas.getContext("2d").drawImage(picture, ...at, side, side, 0, 0, 480, 480);
      const small = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", .85); });
      const chosen = new DataTransfer();
      chosen.items.add(new File([small], "face.jpg", { type: "image/jpeg" }));
      if (field.files[0] === file) field.files = chosen.files;
    } catch { /* the server says what it can keep */ }
  }

  // Where an answer alerts somebody, an arrow key that passes over it is no answer yet: it counts on leaving the row, on
  // Enter or Space, on its digit, or after a rest on it. What is pressed or clicked counts at once.
  function countOnceMeant(row) {
    let byArrow = false;
    let counting = false;
    let passed = null; // chosen by an arrow, and not counted yet
    let resting = 0;
    const forget = () => { passed = null; clearTimeout(resting); };
    const count = () => {
      const choice = passed;
      forget();
      counting = true;
      choice?.dispatchEvent(new Event("change", { bubbles: true }));
      counting = false;
    };
    row.addEventListener("keydown", (event) => {
      byArrow = event.key.startsWith("Arrow");
      if (event.key === "Enter" || event.key === " ") count();
    }, true);
    row.addEventListener("keyup", () => { byArrow = false; }, true);
    row.addEventListener("pointerdown", () => { byArrow = false; }, true);
    row.addEventListener("change", (event) => {
      if (counting) return;
      forget();
      if (!byArrow) return;
      event.stopPropagation();
      passed = event.target;
      resting = setTimeout(count, 2000);
    });
    row.addEventListener("focusout", (event) => { if (!row.contains(event.relatedTarget)) count(); });
    row.closest("form")?.addEventListener("submit", forget); // sending the form sends it too
  }

  // Inside a row, a digit chooses what has it, Backspace leaves it blank; the cursor goes on to the next row. A digit that
  // stands on no choice does nothing: never another answer than the one that was typed.
  function chooseByKeys(grid) {
    const rows = [...grid.querySelectorAll("[data-answer]")];
    grid.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const row = event.target.closest("[data-answer]");
      if (!row || !/^([0-9]|Backspace)$/.test(event.key)) return;
      const choice = event.key === "Backspace"
        ? row.querySelector("input[data-blank]")
        : [...row.querySelectorAll("input[data-digits]")].find((one) => one.dataset.digits.includes(event.key));
      if (!choice) return;
      event.preventDefault();
      if (!choice.checked) choice.click();
      const next = rows[rows.indexOf(row) + 1];
      (next ? next.querySelector("input:checked") ?? next.querySelector("input") : grid.closest("form")?.querySelector(".form-end button"))?.focus();
    });
  }
})();
