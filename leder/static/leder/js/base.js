/* Small behaviours of every page: menus that close, choice of light or dark, contents that follow the reader.
   Everything here is a comfort; each page works without it. */

const YEAR = 365 * 24 * 60 * 60;

/* A menu made of <details data-menu> closes by Escape and by a click elsewhere. */
function closeMenus() {
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/* Light, dark or as the system. A cookie, so that the server draws the page right at once. */
function chooseColourScheme() {
  const choices = document.querySelector("[data-colour-scheme-choices]");
  if (!choices) return;
  const root = document.documentElement;
  const show = (scheme) => {
    root.dataset.colorScheme = scheme;
    for (const button of choices.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === scheme));
    }
  };
  choices.hidden = false;
  show(root.dataset.colorScheme);
  choices.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const age = button.value === "auto" ? 0 : YEAR;
    document.cookie = `leder_colour_scheme=${button.value}; path=/; max-age=${age}; samesite=lax`;
    show(button.value);
  });
}

/* In a list of contents, mark the part that is being read. */
function followContents() {
  for (const contents of document.querySelectorAll(".leder-toc")) {
    const links = new Map();
    for (const link of contents.querySelectorAll('a[href^="#"]')) {
      const part = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (part) links.set(part, link);
    }
    const mark = () => {
      const parts = [...links.keys()];
      const above = parts.filter((part) => part.getBoundingClientRect().top < window.innerHeight / 3);
      const current = above.at(-1) ?? parts[0];
      for (const [part, link] of links) {
        if (part === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    if (!links.size) continue;
    const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px", threshold: [0, 1] });
    for (const part of links.keys()) observer.observe(part);
    mark();
  }
}

/* On a narrow screen the lists that stand open without script begin folded. */
function foldOnNarrowScreens() {
  if (!window.matchMedia("(width < 62rem)").matches) return;
  for (const fold of document.querySelectorAll(".leder-toc__fold, .leder-panes__toggle")) fold.open = false;
}

function printWhenAsked() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/* What waits unsent in this tab (autosave.js) is personal: it goes when the person signs out, and when another one has
   signed in. On pages where nobody is signed in it stays: the person finds it again after signing in. */
function forget(matches) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("leder:") && matches(key)) sessionStorage.removeItem(key);
  }
}

function forgetOthers() {
  const { reader } = document.documentElement.dataset;
  if (reader) forget((key) => !key.startsWith(`leder:${reader}:`));
}

function clearAtSignOut() {
  document.addEventListener("submit", ({ target }) => {
    if ("signOut" in target.dataset) forget(() => true);
  });
}

closeMenus();
chooseColourScheme();
followContents();
foldOnNarrowScreens();
printWhenAsked();
forgetOthers();
clearAtSignOut();
