/* Fields that appear at once: those of a newly chosen statement, and rows of goals. Without script a save does it. */

/** Show the fields that belong to a statement when it is chosen; what was typed stays while the page is open. */
export function pick(box) {
  const option = box.closest("[data-option]");
  if (!box.checked || option.children.length > 1) return;
  const pattern = box.closest("[data-picker]").querySelector("template").innerHTML;
  option.insertAdjacentHTML("beforeend", pattern.replaceAll("__n__", option.dataset.option));
}

/* The empty row that the server always offers last is the pattern of new ones. */
const patterns = new Map();

/** Add a row of a goal with this number. Its id is made here, so that saving it twice is saving it once. */
export function addRow(rows, number) {
  const pattern = patterns.get(rows);
  const end = rows.querySelector("[data-add-row]");
  end.insertAdjacentHTML("beforebegin", pattern.html.replaceAll(pattern.prefix, `g-${Number(number)}-`));
  const row = end.previousElementSibling;
  row.querySelector('[name$="-id"]').value = crypto.randomUUID?.() ?? "";
  row.hidden = false;
  return row;
}

const numbers = (rows) => [...rows.querySelectorAll("[data-row]")].map((row) => Number(row.dataset.row.match(/\d+/)));

function offerRow(rows) {
  const waiting = rows.querySelector("[data-row][hidden]");
  const row = waiting ?? addRow(rows, Math.max(-1, ...numbers(rows)) + 1);
  row.hidden = false;
  row.querySelector("textarea").focus();
}

for (const rows of document.querySelectorAll("[data-rows]")) {
  const all = [...rows.querySelectorAll("[data-row]")];
  const last = all.at(-1);
  patterns.set(rows, { html: last.outerHTML, prefix: last.dataset.row });
  if (all.length > 1 && "blank" in last.dataset) last.hidden = true;
}
document.addEventListener("change", (event) => {
  if (event.target.name === "chosen") pick(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (!button) return;
  event.preventDefault();
  offerRow(button.closest("[data-rows]"));
});
