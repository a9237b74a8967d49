// Before anything is shown: taking the families along, and unlocking what was taken.

import { banner, button, card, field, h, way } from "./parts.js";
import { SHORTEST_PIN, TRIES, mayHavePasskeys } from "./vault.js";

const pinField = (more = {}) => h("input", { type: "password", autocomplete: "off", minLength: SHORTEST_PIN, spellcheck: false, ...more });

// Nothing is on this device yet: what will be, how it is kept, and the PIN or passkey that will open it.
export function setupPage(app, { why = "" } = {}) {
  const { t } = app;
  const name = h("input", { type: "text", maxLength: 60, value: t("setup_name_first"), autocomplete: "off" });
  const pin = pinField(), again = pinField();
  const says = h("p", { class: "field-error", role: "alert" });
  const status = h("p", { class: "saved", role: "status" });
  const begin = async (event, how) => {
    event?.preventDefault();
    says.textContent = "";
    if (how === "pin" && pin.value.length < SHORTEST_PIN) { says.textContent = t("pin_short", { count: SHORTEST_PIN }); return pin.focus(); }
    if (how === "pin" && pin.value !== again.value) { says.textContent = t("pin_differs"); return again.focus(); }
    const problem = await app.prepare({ name: name.value.trim(), pin: how === "pin" ? pin.value : null, tell: (words) => { status.textContent = words; } });
    pin.value = again.value = "";
    status.textContent = "";
    if (problem === "signed_out") says.replaceChildren(t("signed_out"), " ", h("a", { href: "/sign-in/?next=/away/" }, t("sign_in")));
    else if (problem) says.textContent = problem;
  };
  return {
    inside: h("div", {}, app.head({ title: t("setup_title") }),
      why && banner("check", "", h("p", {}, why)),
      h("p", { class: "lead" }, t("setup_lead")),
      h("div", { class: "stack" },
        card(t("setup_how"), h("ul", {}, ["setup_sealed", "setup_hours", "setup_lost", "setup_truth"].map((one) => h("li", {}, t(one))))),
        card(t("setup_lock"), h("form", { onsubmit: (event) => begin(event, "pin") },
          says,
          field(t("setup_name"), name, { help: t("setup_name_help") }),
          field(t("pin_new"), pin, { help: t("pin_help", { count: SHORTEST_PIN }) }), field(t("pin_again"), again),
          status,
          h("div", { class: "form-end" }, h("button", { class: "button" }, t("setup_go")),
            mayHavePasskeys() && button(t("setup_passkey"), () => begin(null, "passkey"), { quiet: true }))))),
    ),
  };
}

// What is kept is locked. wrong: how many wrong PINs in a row there were.
export function unlockPage(app, { passkey = false, pin: hasPin = true, why = "" } = {}) {
  const { t } = app;
  const pin = pinField({ minLength: 0 });
  const says = h("p", { class: "field-error", role: "alert" });
  const busy = h("p", { class: "saved", role: "status" });
  const tell = ({ problem, left, seconds }) => {
    pin.value = "";
    says.textContent = problem === "wait" ? t("pin_wait", { seconds }) : problem === "passkey" ? t("passkey_no") : t("pin_wrong", { left, of: TRIES });
    (hasPin ? pin : says).focus();
  };
  const enter = async (event, typed) => {
    event?.preventDefault();
    if (typed === "") return pin.focus();
    busy.textContent = t("unlocking");
    const problem = await app.unlock(typed);
    busy.textContent = "";
    if (problem) tell(problem);
  };
  const sure = h("div", { hidden: true }, h("p", {}, t("forget_sure")), button(t("forget_yes"), () => app.destroy(t("forgot")), { quiet: true }));
  return {
    inside: h("div", {}, app.head({ title: t("unlock_title") }),
      why && banner("calm", "", h("p", {}, why)),
      card("", [
        hasPin && h("form", { onsubmit: (event) => enter(event, pin.value) }, says, field(t("pin"), pin), busy,
          h("div", { class: "form-end" }, h("button", { class: "button" }, t("unlock")))),
        !hasPin && [says, busy],
        passkey && h("div", { class: "form-end" }, button(t("unlock_passkey"), () => enter(null, null), { quiet: hasPin })),
      ]),
      h("p", {}, way(t("forget"), () => { sure.hidden = false; })), sure),
    focus: hasPin ? pin : null,
  };
}
