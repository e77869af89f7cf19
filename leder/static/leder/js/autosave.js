/* Saves a form after a pause in the typing. What could not be sent waits in sessionStorage (never localStorage: it
   is personal) and is removed once it is saved. */
import { addRow, pick, showRemoval } from "./section-fields.js";

const PAUSE = 1200;
const MOST_BACK_OFF = 60_000;
const KEEPALIVE_LIMIT = 60_000;
const words = document.querySelector("[data-autosave-words]")?.dataset ?? {};
const strip = document.querySelector("[data-autosave-strip]");
const path = (form) => new URL(form.action).pathname;
const saves = [];

function forget(matches) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("leder:") && matches(key)) sessionStorage.removeItem(key);
  }
}

function forgetPath(place) {
  const gone = place?.dataset.autosaveForget;
  if (gone) forget((key) => key.endsWith(`:${gone}`));
}

// Put typed values back, with the rows and fields they need.
function fill(form, typed) {
  const values = (name) => typed.filter(([each]) => each === name).map(([, value]) => value);
  for (const box of form.querySelectorAll('[name="chosen"]')) {
    box.checked = values("chosen").includes(box.value);
    pick(box);
  }
  const rows = form.querySelector("[data-rows]");
  for (const number of new Set(typed.flatMap(([name]) => name.match(/^g-(\d+)-/)?.[1] ?? []))) {
    if (rows && !rows.querySelector(`[data-row="g-${number}-"]`)) addRow(rows, number);
  }
  for (const field of form.elements) {
    if (!field.name || /^(chosen|csrf)/.test(field.name)) continue;
    const given = values(field.name);
    if (field.type === "radio" || field.type === "checkbox") field.checked = given.includes(field.value);
    else if (given.length) field.value = given[0];
    if (field.name.endsWith("-remove")) showRemoval(field);
  }
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]");
    this.key = `leder:${form.dataset.autosave}:${path(form)}`;
    this.tries = 0;
    form.addEventListener("input", () => this.touch());
    form.addEventListener("submit", async (event) => {
      if (this.stuck) return void (this.changed = false);
      event.preventDefault();
      this.changed = true;
      // A button that saves and goes on says where to.
      const onwards = event.submitter?.dataset.onwards;
      await this.save();
      if (onwards && !this.changed) location.assign(onwards);
    });
    const kept = sessionStorage.getItem(this.key);
    if (kept) {
      const { typed, unanswered } = JSON.parse(kept);
      fill(form, typed);
      this.unanswered = unanswered;
      this.changed = true;
      this.show("unsaved", words.restored);
      this.save();
    }
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  touch() {
    this.changed = true;
    this.keep();
    if (this.stuck) return;
    this.show("unsaved", words.unsaved, true);
    this.after(PAUSE);
  }

  after(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  keep() {
    try {
      const typed = [...new FormData(this.form)];
      sessionStorage.setItem(this.key, JSON.stringify({ typed, unanswered: this.unanswered }));
    } catch {
      // Full: the text still stands in the page, and the browser asks before it is left.
    }
  }

  save(leaving = false) {
    if (!this.saving && this.changed && !this.stuck) {
      this.saving = this.send(leaving).finally(() => (this.saving = null));
    }
    return this.saving;
  }

  // What was sent and never answered may be saved all the same. It goes once more as it was: the same words never
  // conflict, and the answer tells the version to write on from. One who leaves has time for the newest words only.
  async send(leaving) {
    clearTimeout(this.timer);
    this.show("saving", words.saving, true);
    const newest = new URLSearchParams(new FormData(this.form)).toString();
    const body = leaving ? newest : (this.unanswered ?? newest);
    this.changed = body !== newest;
    this.unanswered = body;
    let answer;
    try {
      answer = await fetch(this.form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
        keepalive: body.length < KEEPALIVE_LIMIT,
        redirect: "error",
      });
    } catch {
      return this.wait();
    }
    const told = await answer.json().catch(() => (answer.ok ? null : {}));
    if (!told || answer.status >= 500) return this.wait();
    this.unanswered = undefined;
    if (answer.ok) return this.saved(told);
    this.changed = true;
    this.keep();
    if (answer.status === 422) return this.show("unsaved", [words.invalid, ...told.errors].join(" "));
    if (answer.status === 401) return this.waitFor("sign-in", words.signedOut);
    // Tried again when the window is looked at: the account may be open by then.
    if (told.shut) return this.waitFor("my-page", words.shut);
    if (told.csrf && this.tries++ < 3) return this.renew(told.csrf);
    if (answer.status === 429) return this.wait();
    this.stuck = true;
    if (answer.status !== 409) return this.show("conflict", words.refused);
    this.offer("compare");
    this.show("conflict", told.own ? words.conflictOwn : words.conflict);
  }

  saved({ version, message, goals }) {
    this.tries = 0;
    this.withdraw();
    this.field("version").value = version;
    for (const other of document.querySelectorAll(`[data-version-of="${this.form.id}"]`)) other.value = version;
    for (const [row, id] of Object.entries(goals)) this.field(`g-${row}-id`).value = id;
    if (this.changed) {
      this.keep();
      return this.after(PAUSE);
    }
    sessionStorage.removeItem(this.key);
    this.show("saved", message);
  }

  wait() {
    this.changed = true;
    this.keep();
    this.show("offline", words.offline);
    this.after(Math.min(1000 * 2 ** ++this.tries, MOST_BACK_OFF));
  }

  // Saved once something is done in another tab: signed in, or the account opened. One way on at a time.
  waitFor(what, text) {
    if (!this.help(what)) this.withdraw();
    this.offer(what);
    this.show("offline", text);
  }

  withdraw() {
    for (const what of ["sign-in", "my-page"]) this.help(what)?.remove();
  }

  help(what) {
    return this.form.querySelector(`[data-autosave-${what}]`);
  }

  // Put one of the ways on (_autosave.html) beside how the saving goes.
  offer(what) {
    if (this.help(what)) return;
    const pattern = document.querySelector("template[data-autosave-help]").content;
    this.status.after(pattern.querySelector(`[data-autosave-${what}]`).cloneNode(true));
  }

  renew(token) {
    for (const field of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) field.value = token;
    this.after(0);
  }

  // What only flickers by (quiet) is not read aloud.
  show(state, text, quiet = false) {
    this.status.setAttribute("aria-live", quiet ? "off" : "polite");
    for (const place of [this.status, strip]) {
      if (!place) continue;
      place.dataset.state = state;
      place.textContent = text;
    }
  }
}

if (strip) {
  strip.textContent = words.ready;
  strip.parentElement.hidden = false;
}
// As base.js does on every page; a host's own frame may not say who reads.
const own = document.querySelector("form[data-autosave]")?.dataset.autosave;
if (own) forget((key) => !key.startsWith(`leder:${own}:`));
for (const form of document.querySelectorAll("form[data-autosave]")) saves.push(new Autosave(form));

const retry = () => saves.forEach((each) => each.save());
for (const moment of ["online", "focus"]) addEventListener(moment, retry);
addEventListener("pagehide", () => saves.forEach((each) => each.save(true)));
document.addEventListener("visibilitychange", retry);
addEventListener("beforeunload", (event) => {
  if (saves.some((each) => each.changed || each.saving)) event.preventDefault();
});

// Another form waits until what is typed is saved.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  forgetPath(form);
  const busy = saves.filter((each) => each.form !== form && !each.stuck && (each.changed || each.saving));
  if ("autosave" in form.dataset || !busy.length || form.method !== "post") return;
  event.preventDefault();
  await Promise.all(busy.map(async (each) => (await each.saving, each.save())));
  const left = busy.find((each) => each.changed);
  if (!left) form.requestSubmit(submitter);
  // What can't be saved holds nobody here: the browser asks before it is left.
  else if ("signOut" in form.dataset) form.submit();
  else left.status.scrollIntoView({ block: "center" });
});
document.addEventListener("click", (event) => forgetPath(event.target.closest("a")));
