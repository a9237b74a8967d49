// The pages of a day on the road: the families, one family, a visit, a check-in, what waits, the end of the day.
// Each is a function of the app and of what it is about, and returns {inside}.

import { newId } from "./ids.js";
import { newest, waiting } from "./queue.js";
import { actionRow, banner, button, card, choices, chosenIn, field, h, tag, way } from "./parts.js";

const MANY = 8; // families from which on a search stands above them

export function dayPage(app) {
  const { t, parcel } = app;
  const waits = h("div", {}, waitsRow(app));
  const refresh = () => waits.replaceChildren(waitsRow(app));
  if (!parcel) return { refresh, inside: h("div", {}, app.head({ title: t("day_gone") }), h("p", { class: "lead" }, t("day_gone_more")), waits) };
  const list = h("div", { class: "card" }, parcel.families.map((family) => familyRow(app, family)));
  const nobody = h("p", { class: "soft", hidden: true, role: "status" }, t("search_none"));
  const look = h("input", {
    type: "search", autocomplete: "off", spellcheck: false,
    oninput: () => {
      const asked = folded(look.value);
      for (const row of list.children) row.hidden = !row.dataset.words.includes(asked);
      nobody.hidden = [...list.children].some((row) => !row.hidden);
    },
  });
  return {
    refresh,
    inside: h("div", {},
      app.head({ title: t("day_title"), subtitle: t("day_made", { at: app.when(parcel.made_at), until: app.when(parcel.wipe_at) }) }),
      waits,
      parcel.families.length > MANY && h("div", { class: "search" }, field(t("search"), look)),
      parcel.families.length ? list : h("p", { class: "empty" }, t("day_none")), nobody,
      h("div", { class: "page-links" },
        way(t("fetch_again"), () => app.fetchParcel()), way(t("close_day"), () => app.go("close")), way(t("lock_now"), () => app.lock()))),
  };
}

// Letters without their marks, so that nobody is missed for an accent.
const folded = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

function familyRow(app, family) {
  const { t } = app;
  const due = openDue(app, family);
  const late = due.some((one) => one.late);
  const adults = family.adults.map((one) => one.name).join(", ");
  const row = actionRow(app.nameOf(family.episode), [adults, due.length > 0 && t("due_count", { count: due.length })].filter(Boolean).join(" · "),
    button(t("open"), () => app.go("family", { episode: family.episode }), { quiet: true, "aria-label": t("open_whom", { name: app.nameOf(family.episode) }) }),
    late && tag(t("late"), true));
  row.dataset.words = folded(`${app.nameOf(family.episode)} ${adults}`);
  return row;
}

// What is due and was not finished on this device since.
function openDue(app, family) {
  return family.due.filter((one) => !newest(app.queue(), "screen_finish", (body) => body.screen === begunOf(app, family.episode, one)?.entry.body.id));
}

function begunOf(app, episode, due) {
  return newest(app.queue(), "screen_begin", (body, entry) => entry.episode === episode && body.instrument === due.instrument
    && body.edition === app.parcel.forms[due.form]?.edition && body.subject === due.subject);
}

function waitsRow(app) {
  const { t } = app;
  const count = waiting(app.queue()).length;
  const asks = app.queue().slots.filter(({ said }) => said && ["both_kept", "refused"].includes(said.verdict)).length;
  return banner(asks ? "check" : "calm", count ? t("waits_count", { count }) : t("waits_none"),
    asks > 0 && h("p", {}, t("asks_count", { count: asks })), count > 0 && signIn(app),
    h("div", { class: "form-end" }, count > 0 && button(t("send_now"), () => app.send({ asked: true })), way(t("waits_open"), () => app.go("waiting"))));
}

const signIn = (app) => app.signedOut
  && h("p", {}, app.t("send_signed_out"), " ", h("a", { href: "/sign-in/?next=/away/" }, app.t("sign_in")));

export function familyPage(app, { episode }) {
  const { t } = app;
  const family = app.family(episode);
  const visits = visitsOf(app, family);
  const strengths = [...visits.flatMap((one) => [one.strength, one.showed]), ...family.strengths.filter((one) => !visits.some(({ id }) => one.id.startsWith(id))).map((one) => one.text)];
  const due = openDue(app, family);
  return {
    inside: h("div", {},
      app.head({
        below: true, title: app.nameOf(episode),
        subtitle: family.child?.born ? t("born", { date: app.day(family.child.born) }) : "",
      }),
      h("ul", { class: "chips" }, family.adults.map((one) => h("li", { class: "chip" }, h("strong", {}, one.name), one.part && `, ${one.part}`))),
      h("div", { class: "stack" },
        card(t("strengths"), strengths.some(Boolean) ? strengths.filter(Boolean).map((one) => h("blockquote", {}, one)) : h("p", { class: "soft" }, t("strengths_none")), "strength"),
        card(t("due"), [due.length ? due.map((one) => dueRow(app, family, one)) : h("p", { class: "soft" }, t("due_none")),
          h("p", {}, way(t("any_time"), () => app.go("anytime", { episode })))]),
        app.takes().has("check_in") && card(t("check_in"), [h("p", { class: "soft" }, t("check_in_more")),
          family.adults.map((one) => actionRow(one.name, "", button(t("begin"), () => app.go("checkin", { episode, about: one.person }), { quiet: true, "aria-label": `${t("begin")}: ${t("check_in_with", { name: one.name })}` })))]),
        card(t("visits"), [visits.map((one) => actionRow(app.day(one.on), one.mine ? t("visit_here") : "", button(t("open"), () => app.go("visit", { episode, visit: one.id }), { quiet: true, "aria-label": `${t("open")}: ${t("visit_of", { date: app.day(one.on) })}` }))),
          h("div", { class: "form-end" }, button(t("visit_new"), () => app.go("visit", { episode, visit: newId() })))]),
        h("p", {}, way(t("help_open"), () => app.go("help", { door: true }))))),
  };
}

function dueRow(app, family, one) {
  const { t } = app;
  const begun = begunOf(app, family.episode, one);
  const form = app.parcel.forms[one.form];
  const reason = [one.by && t("due_by", { date: app.day(one.by) }), !form && one.instrument && t("due_not_here")].filter(Boolean).join(" · ");
  const begin = () => app.go("begin", { episode: family.episode, form: one.form, subject: one.subject, what: one.what, printed: one.printed });
  const goOn = () => app.go("form", { episode: family.episode, screen: begun.entry.body.id, form: one.form });
  return actionRow(one.what, reason, form && button(t(begun ? "go_on_form" : "begin"), begun ? goOn : begin, { "aria-label": `${t(begun ? "go_on_form" : "begin")}: ${one.what}` }),
    one.late && tag(t("late"), true));
}

// Before the first question: what is said, and who answers where that is not known.
export function beginPage(app, { episode, form: key, subject, what, printed = "" }) {
  const { t } = app;
  const family = app.family(episode);
  const form = app.parcel.forms[key];
  const who = form.about === "child" && choices(t("who_answers"), family.adults.map((one) => ({ value: one.person, words: one.name })), { one: true });
  return {
    inside: h("div", {}, app.head({ of: episode, title: form.title, subtitle: what ?? "" }),
      card("", [h("p", {}, t("begin_truth")), h("p", {}, t("begin_skip")), who,
        h("div", { class: "form-end" }, button(t("begin"), async () => {
          const informant = who ? chosenIn(who)[0] : null;
          if (who && !informant) return who.querySelector("input").focus();
          const { instrument, edition } = form;
          const language = app.languageOf(family, informant ?? subject);
          const id = newId();
          await app.write({ kind: "screen_begin", episode, body: { id, instrument, edition, form: printed, subject, informant, on: app.today(), language } });
          app.go("form", { episode, screen: id, form: key }, { instead: true });
        }))])),
  };
}

// What an adult can be asked at any time, due or not.
export function anytimePage(app, { episode }) {
  const { t } = app;
  const family = app.family(episode);
  const forms = Object.entries(app.parcel.forms).filter(([, form]) => form.about === "adult");
  return {
    inside: h("div", {}, app.head({ of: episode, title: t("any_time") }),
      h("div", { class: "stack" }, family.adults.map((one) => card(one.name, forms.map(([key, form]) => actionRow(form.title, "",
        button(t("begin"), () => app.go("begin", { episode, form: key, subject: one.person, what: one.name }), { quiet: true, "aria-label": `${t("begin")}: ${form.title}, ${one.name}` }))))))),
  };
}

// ---- visits

const PLACES = ["home", "office", "child_care", "online", "elsewhere"];
const FACTS = ["on", "place", "minutes", "present"];
const WORDS = { strength: ["strength", "caregiver"], showed: ["strength", "baby"], note: ["note"] }; // the kind of entry, and whose

// A visit as it stands: what was taken along, and over it what was written here, in order. Null where there is none.
function visitAs(app, family, id) {
  const known = family.visits.find((one) => one.id === id);
  const word = (name) => family.strengths.find((one) => one.id === `${id}:${name}`)?.text ?? "";
  let visit = known ? { ...known, present: [], strength: word("strength"), showed: word("showed") } : null;
  for (const { entry: { kind, body } } of app.queue().slots) {
    if (kind === "visit" && body.id === id) visit = { strength: "", showed: "", note: "", ...visit, ...body, mine: true };
    if (kind === "note" && body.visit === id) visit = { ...visit, note: body.text };
    if (kind === "strength" && body.visit === id) visit = { ...visit, [body.of === "baby" ? "showed" : "strength"]: body.text };
  }
  return visit;
}

function visitsOf(app, family) {
  const here = app.queue().slots.filter(({ entry }) => entry.kind === "visit" && entry.episode === family.episode);
  const ids = new Set([...here.map(({ entry }) => entry.body.id), ...family.visits.map((one) => one.id)]);
  return [...ids].map((id) => visitAs(app, family, id)).sort((one, other) => (one.on < other.on ? 1 : -1));
}

export function visitPage(app, { episode, visit: id }) {
  const { t } = app;
  const family = app.family(episode);
  const before = visitAs(app, family, id);
  const version = family.visits.find((one) => one.id === id)?.version ?? null;
  const on = h("input", { type: "date", value: before?.on ?? app.today(), max: app.today(), required: true });
  const place = h("select", {}, PLACES.map((one) => h("option", { value: one, selected: one === (before?.place ?? "home") }, t(`place_${one}`))));
  const minutes = h("input", { type: "number", min: 1, max: 720, inputMode: "numeric", required: true, value: before?.minutes ?? "" });
  const people = [...family.adults, ...(family.child ? [family.child] : [])];
  const there = choices(t("visit_there"), people.map((one) => ({ value: one.person, words: one.name })), { chosen: before?.present ?? [] });
  const typed = Object.fromEntries(Object.keys(WORDS).map((name) => [name, h("textarea", { rows: name === "note" ? 6 : 2, maxLength: 2000, spellcheck: false, value: before?.[name] ?? "" })]));
  const drafts = Object.entries(typed).map(([name, control]) => app.draft(`${name} ${id}`, control));

  async function keep() {
    if (![on, minutes].every((one) => one.reportValidity())) return;
    const words = Object.fromEntries(Object.entries(typed).map(([name, control]) => [name, control.value.trim()]));
    const facts = { on: on.value, place: place.value, minutes: Number(minutes.value), present: chosenIn(there) };
    const write = (kind, body) => app.write({ kind, episode, base: version, body });
    if (!before || version === null && !newest(app.queue(), "visit", (body) => body.id === id).tried) {
      await write("visit", { id, ...facts, ...words });
    } else {
      if (FACTS.some((name) => String(facts[name]) !== String(before[name] ?? ""))) await write("visit", { id, ...facts });
      for (const [name, [kind, of]] of Object.entries(WORDS)) {
        if (words[name] !== (before[name] ?? "").trim()) await write(kind, { visit: id, ...(of && { of }), text: words[name] });
      }
    }
    for (const draft of drafts) await draft.done();
    app.back(t("saved"));
  }

  return {
    inside: h("div", {}, app.head({ of: episode, title: before ? t("visit_of", { date: app.day(before.on) }) : t("visit_new") }),
      h("div", { class: "form" },
        field(t("visit_strength"), typed.strength, { optional: t("optional") }), field(t("visit_showed"), typed.showed, { optional: t("optional") }),
        field(t("visit_on"), on), field(t("visit_place"), place), field(t("visit_minutes"), minutes), there,
        field(t("note"), typed.note, { optional: t("optional"), help: t("note_help") }),
        h("div", { class: "form-end" }, button(t("visit_keep"), keep)))),
  };
}

// ---- a check-in in our own words: three doors, no score

const TOPICS = ["sleep", "feeding", "crying", "growing", "mood", "living", "safety", "else"];

export function checkinPage(app, { episode, about }) {
  const { t } = app;
  const words = h("textarea", { rows: 4, maxLength: 1000, spellcheck: false });
  const topic = h("select", {}, ["", ...TOPICS].map((one) => h("option", { value: one }, one && t(`topic_${one}`))));
  const draft = app.draft(`checkin ${about}`, words);
  const door = async (key, { now = false } = {}) => {
    const body = { door: key, about, topic: key === "talk" ? topic.value : "", text: now ? "" : words.value.trim() };
    const writing = app.write({ kind: "check_in", episode, body }, { alone: now, now });
    if (now) {  // help first, whatever the storage says
      const kept = await writing.catch(() => null);
      return app.go("help", { entry: kept?.entry.id ?? null, door: true }, { instead: true });
    }
    await writing;
    await draft.done();
    app.back(t("saved"));
  };
  return {
    inside: h("div", {}, app.head({ of: episode, title: t("check_in_with", { name: app.personIn(episode, about) }) }),
      h("p", { class: "lead" }, t("check_in_lead")),
      h("div", { class: "stack" },
        card("", [field(t("check_in_words"), words, { optional: t("optional"), help: t("check_in_words_help") }), field(t("check_in_topic"), topic, { optional: t("optional") })]),
        h("div", { class: "form-end" },
          button(t("door_well"), () => door("well")), button(t("door_talk"), () => door("talk"), { quiet: true }),
          h("button", { type: "button", class: "button now", onclick: () => door("now", { now: true }) }, t("door_help"))))),
  };
}

// ---- what waits, and the end of the day

export function waitingPage(app) {
  const { t } = app;
  const slots = app.queue().slots.toReversed();
  const count = waiting(app.queue()).length;
  return {
    inside: h("div", {}, app.head({ below: true, title: t("waits_title"), subtitle: count ? t("waits_count", { count }) : t("waits_none") }),
      count > 0 && [signIn(app), h("p", {}, button(t("send_now"), () => app.send({ asked: true })))],
      slots.length ? h("ul", { class: "card plain-list slots" }, slots.map((slot) => slotRow(app, slot))) : h("p", { class: "empty" }, t("waits_nothing_yet"))),
  };
}

function slotRow(app, { entry, said }) {
  const { t } = app;
  const verdict = said?.verdict ?? "waits";
  const asks = ["both_kept", "refused"].includes(verdict);
  const words = { waits: "slot_waits", kept: "slot_sent", had_already: "slot_sent", both_kept: "slot_both", refused: "slot_refused" };
  return h("li", {}, h("strong", {}, t(`kind_${entry.kind}`)), ` · ${app.nameOf(entry.episode)} · ${app.when(entry.at)} `, tag(t(words[verdict] ?? "slot_sent"), asks || !said),
    asks && h("p", { class: "soft" }, said.said), asks && /^\/(?!\/)/.test(said.to) && h("p", {}, h("a", { href: said.to }, t("slot_look"))));
}

export function closePage(app) {
  const { t } = app;
  const count = waiting(app.queue()).length;
  return {
    inside: h("div", {}, app.head({ below: true, title: t("close_day") }),
      count
        ? card("", [h("p", {}, t("close_waits", { count })), h("div", { class: "form-end" }, button(t("send_now"), () => app.send({ asked: true })))])
        : card("", [h("p", {}, t("close_ready")), h("div", { class: "form-end" }, button(t("close_wipe"), () => app.closeDay()))]),
      h("p", {}, h("a", { href: "/sign-out/" }, t("sign_out"))), h("p", { class: "soft small" }, t("sign_out_more"))),
  };
}
