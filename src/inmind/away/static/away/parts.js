// Pieces of pages, in the look of the house. Words stand in them as text and never as markup.

// An element: h("p", { class: "soft", onclick: act }, "words", another). What is null or false is left out.
export function h(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && !["list", "form", "type"].includes(key)) made[key] = value;
    else made.setAttribute(key === "class" ? "class" : key, value === true ? "" : value);
  }
  made.append(...inside.flat(3).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

export const button = (words, act, { quiet = false, ...more } = {}) =>
  h("button", { type: "button", class: quiet ? "button quiet" : "button", onclick: act, ...more }, words);

// A way to another view of this page: it looks and is read as a link.
export const way = (words, act, more = {}) => h("button", { type: "button", class: "plain", onclick: act, ...more }, words);

export const card = (title, inside, kind = "") =>
  h("section", { class: kind ? `card card-${kind}` : "card" }, title && h("h2", {}, title), inside);

export const banner = (kind, title, ...inside) =>
  h("div", { class: `banner banner-${kind}` }, title && h("p", { class: "banner-title" }, title), inside);

export const actionRow = (title, reason, end, tag = null) =>
  h("div", { class: "action-row" }, h("div", {}, h("h3", {}, title, tag && [" ", tag]), reason && h("p", { class: "soft" }, reason)), end);

export const tag = (words, late = false) => h("span", { class: late ? "tag tag-late" : "tag" }, words);

let fields = 0;

// A labelled control; help stands between the two, and is read with it.
export function field(label, control, { help = "", optional = "", error = "" } = {}) {
  const id = `away-${fields += 1}`;
  control.id = id;
  if (help || error) control.setAttribute("aria-describedby", [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" "));
  if (error) control.setAttribute("aria-invalid", "true");
  return h("div", { class: error ? "field has-error" : "field" },
    h("label", { htmlFor: id }, label, optional && h("span", { class: "optional" }, ` ${optional}`)),
    help && h("p", { class: "field-help", id: `${id}-help` }, help),
    error && h("p", { class: "field-error", id: `${id}-error` }, error),
    control);
}

// Boxes to tick or, with one: true, to choose one of. choices: [{value, words}].
export function choices(legend, offered, { chosen = [], one = false, onchange = null, help = "" } = {}) {
  const name = `away-${fields += 1}`;
  return h("fieldset", { class: "field choices" }, h("legend", {}, legend), help && h("p", { class: "field-help" }, help),
    offered.map(({ value, words }, place) => {
      const control = h("input", { type: one ? "radio" : "checkbox", id: `${name}-${place}`, name, value, checked: chosen.includes(value), onchange });
      return h("div", { class: "choice" }, control, h("label", { htmlFor: control.id }, words));
    }));
}

export const chosenIn = (fieldset) => [...fieldset.querySelectorAll("input:checked")].map((one) => one.value);
