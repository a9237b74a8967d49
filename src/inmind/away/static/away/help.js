// Help, at once and without a signal. The numbers came with the parcel, or stand at the foot of the page itself.

import { h, way } from "./parts.js";

// A number as a phone dials it.
const dial = (number) => number.replace(/[^\d+*#]/g, "");

function waysTo({ call, text, shown }, t) {
  const seen = shown || call;
  return [
    call && h("a", { class: "button on-color", href: `tel:${dial(call)}` }, h("span", {}, t("call", { number: seen }))),
    text && h("a", { class: "button on-color", href: `sms:${dial(text)}` }, h("span", {}, t("text", { number: text === call ? seen : text }))),
  ];
}

// The page after an answer about self-harm, or after "I need help now". It names nobody: somebody may look on.
export function helpPage(app, { entry = null, door = false }) {
  const { t } = app;
  const lines = app.parcel?.help?.[app.language] ?? app.parcel?.help?.en ?? [];
  const agency = app.parcel?.agency ?? {};
  const truth = h("p", { role: "status" });
  const tell = () => {
    const slot = entry && app.queue().slots.find((one) => one.entry.id === entry);
    const words = slot?.said
      ? (slot.said.help ? t("help_told", { agency: agency.name ?? "" }) : t("help_arrived", { said: slot.said.said }))
      : t("help_not_told");
    if (truth.textContent !== words) truth.replaceChildren(h("strong", {}, words));
  };
  tell();
  const own = agency.crisis_text?.[app.language] || agency.crisis_text?.en || "";
  return {
    help: true,
    refresh: tell,
    inside: h("div", { class: "help-now" },
      h("h1", { tabIndex: -1 }, t(door ? "help_asked_title" : "help_title")),
      h("p", { class: "lead" }, t(door ? "help_asked_lead" : "help_lead")),
      lines.length > 0 && h("ul", { class: "help-cards" }, lines.map((line) =>
        h("li", { class: line.crisis ? "help-card is-crisis" : "help-card" },
          h("h2", {}, line.name), line.note && h("p", {}, line.note), h("div", { class: "help-card-ways" }, waysTo(line, t))))),
      h("section", { class: "card" }, h("h2", {}, t("help_who")), truth),
      own && h("section", { class: "card card-agency" }, h("h2", {}, t("help_from", { agency: agency.name ?? "" })), h("p", {}, own)),
      h("div", { class: "form-end" }, way(t("go_on"), () => app.back()))),
  };
}
