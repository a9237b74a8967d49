// One form, entered as on the online page: each answer is kept at once, each may be left blank, digits choose.

import { needsHelp } from "./crisis.js";
import { answersOf, newest } from "./queue.js";
import { banner, button, h } from "./parts.js";

// Where an answer may ask for help, an arrow key that passes over it is no answer yet: it counts on leaving the row, on
// Enter or Space, on its digit, or after a rest on it. What is pressed or clicked counts at once.
const REST = 2000;

export function formPage(app, { episode, screen, form: key }) {
  const { t } = app;
  const form = app.parcel.forms[key];
  const begun = newest(app.queue(), "screen_begin", (body) => body.id === screen).entry;
  const finished = () => newest(app.queue(), "screen_finish", (body) => body.screen === screen);
  const answers = answersOf(app.queue(), screen);
  const weighs = new Set(form.crisis.map((rule) => rule.item));
  const saved = h("p", { class: "saved", role: "status" });
  const bar = h("progress", { id: "away-progress", max: form.items.length });
  const words = h("span", { class: "progress-words" });

  const count = () => {
    const done = form.items.filter((item) => Number.isFinite(answers[item.key])).length;
    bar.value = done;
    words.textContent = t("progress", { done, of: form.items.length });
  };

  async function keep(item, points) {
    if (item in answers && answers[item] === points) return;
    answers[item] = points;
    count();
    const asks = needsHelp(form.crisis, { [item]: points });
    saved.textContent = t("saving");
    const writing = app.write({ kind: "screen_answers", episode, body: { screen, answers: { [item]: points } } }, { alone: asks, now: asks });
    if (asks) {  // help first, whatever the storage says
      const kept = await writing.catch(() => null);
      return app.go("help", { entry: kept?.entry.id ?? null });
    }
    await writing;
    saved.textContent = t("saved");
  }

  function row(item) {
    const name = `item-${item.key}`;
    const wide = item.choices.some(({ short, label }) => (short ?? label).length > 4);
    let byArrow = false, passed = null, resting = 0;
    const settle = () => {
      clearTimeout(resting);
      if (passed) keep(item.key, passed.points);
      passed = null;
    };
    const choice = (points, { label, short = label, digit = null }, place) => h("div", { class: points === null ? "answer-choice answer-blank" : "answer-choice" },
      h("input", {
        type: "radio", id: `${name}-${place}`, name, checked: item.key in answers && answers[item.key] === points,
        "data-digits": digit, "data-blank": points === null,
        onchange: () => {
          passed = { points };
          if (!byArrow || !weighs.has(item.key)) return settle();
          resting = setTimeout(settle, REST);
        },
      }),
      h("label", { htmlFor: `${name}-${place}` }, short === label ? label : [h("span", { "aria-hidden": "true" }, short), h("span", { class: "sr" }, label)]));
    return h("fieldset", {
      class: "answer", "data-answer": true,
      onfocusout: (event) => { if (!event.currentTarget.contains(event.relatedTarget)) settle(); },
      onpointerdown: () => { byArrow = false; },
      onkeyup: () => { byArrow = false; },
      onkeydown: (event) => {
        byArrow = event.key.startsWith("Arrow");
        if (event.key === "Enter" || event.key === " ") settle();
        if (event.ctrlKey || event.altKey || event.metaKey || !/^([0-9]|Backspace)$/.test(event.key)) return;
        const here = event.currentTarget;
        const meant = event.key === "Backspace" ? here.querySelector("[data-blank]") : here.querySelector(`[data-digits*="${event.key}"]`);
        if (!meant) return;
        event.preventDefault();
        meant.click();
        const next = here.nextElementSibling;
        (next?.querySelector("input:checked") ?? next?.querySelector("input") ?? page.querySelector(".form-end button"))?.focus();
      },
    },
    h("legend", {}, h("span", { class: "answer-number" }, String(item.number)), h("span", {}, item.label)),
    h("div", { class: wide ? "answer-choices in-words" : "answer-choices" },
      item.choices.map((one, place) => choice(one.points, one, place)),
      choice(null, { label: t("left_blank") }, "blank")));
  }

  const page = h("div", {},
    app.head({ of: episode, title: form.title, subtitle: app.personIn(episode, begun.body.informant ?? begun.body.subject) }),
    form.note && banner("calm", "", h("p", {}, form.note)),
    finished() && banner("good", t("form_finished"), h("p", {}, t("form_finished_more"))),
    h("div", { class: "progress" }, h("label", { htmlFor: "away-progress" }, t("answered")), bar, words),
    h("div", { class: "answers" }, h("p", { class: "answers-hint" }, t("keys")), form.items.map(row)),
    saved,
    h("div", { class: "form-end" }, button(t("form_finish"), async () => {
      if (!finished()) await app.write({ kind: "screen_finish", episode, body: { screen } });
      app.up("family", { episode }, t("form_finished"));
    })));
  count();
  return { inside: page };
}
