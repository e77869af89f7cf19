/* Fields that appear at once: those of a chosen statement, and rows of goals. Without script a save does it. */
const patterns = new Map();

/** Show the fields of a statement when it is chosen; what was typed stays while the page is open. */
export function pick(box) {
  const option = box.closest("[data-option]");
  if (!box.checked || option.children.length > 1) return;
  const pattern = box.closest("[data-picker]").querySelector("template").innerHTML;
  option.insertAdjacentHTML("beforeend", pattern.replaceAll("__n__", option.dataset.option));
}

/** Add a row with this number. Its goal's id is made here, so that saving it twice is saving it once. */
export function addRow(rows, number) {
  const { html, prefix } = patterns.get(rows);
  const end = rows.querySelector("[data-add-row]");
  end.insertAdjacentHTML("beforebegin", html.replaceAll(prefix, `g-${number}-`));
  const row = end.previousElementSibling;
  row.querySelector('[name$="-id"]').value = crypto.randomUUID?.() ?? "";
  return row;
}

const rowsIn = (rows) => [...rows.querySelectorAll("[data-row]")];

for (const rows of document.querySelectorAll("[data-rows]")) {
  // The empty row that the server always offers last is the pattern of new ones.
  const last = rowsIn(rows).at(-1);
  patterns.set(rows, { html: last.outerHTML, prefix: last.dataset.row });
  last.hidden = rowsIn(rows).length > 1;
}
document.addEventListener("change", ({ target }) => {
  if (target.name === "chosen") pick(target);
});
document.addEventListener("click", (event) => {
  const rows = event.target.closest("[data-add-row]")?.closest("[data-rows]");
  if (!rows) return;
  event.preventDefault();
  const next = 1 + Math.max(...rowsIn(rows).map((row) => row.dataset.row.match(/\d+/)));
  const row = rows.querySelector("[data-row][hidden]") ?? addRow(rows, next);
  row.hidden = false;
  row.querySelector("textarea").focus();
});
