/* Fields that appear at once: those of a chosen statement, and rows of goals. Without script a save does it.
   New ones are made from those that stand in the page, so that the page holds no more patterns than it needs. */

function empty(part) {
  for (const error of part.querySelectorAll('[data-field="validation"]')) error.remove();
  for (const field of part.querySelectorAll("input, textarea, select")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (field.type === "radio") field.checked = field.defaultChecked = false;
    else if (field.matches("select")) field.selectedIndex = 0;
    else field.value = field.defaultValue = "";
  }
}

/** Show the fields of a statement when it is chosen; what was typed stays while the page is open. */
export function pick(box) {
  const option = box.closest("label");
  if (!box.checked || option.nextElementSibling?.matches(".leder-options__fields")) return;
  const picker = box.closest("[data-picker]");
  const other = picker.querySelector(".leder-options__fields");
  const key = other ? other.previousElementSibling.querySelector("input").value : "__n__";
  const html = other?.outerHTML ?? picker.querySelector("template").innerHTML;
  option.insertAdjacentHTML("afterend", html.replaceAll(`c-${key}-`, `c-${box.value}-`));
  empty(option.nextElementSibling);
}

/** Add an empty row with this number: a new goal has no status and is not removed. */
export function addRow(rows, number) {
  const first = rows.querySelector("[data-row]");
  const end = rows.querySelector("[data-add-row]");
  end.insertAdjacentHTML("beforebegin", first.outerHTML.replaceAll(first.dataset.row, `g-${number}-`));
  const row = end.previousElementSibling;
  const part = (name) => row.querySelector(`[name$="-${name}"]`);
  row.querySelector("legend").textContent = end.dataset.addRow;
  part("carried_from")?.remove();
  for (const name of ["status", "remove"]) part(name)?.closest(".ds-field").remove();
  empty(row);
  // What is no date stands in an ordinary field.
  part("due").type = "date";
  // The goal's id is made here, so that saving it twice is saving it once.
  part("id").value = crypto.randomUUID?.() ?? "";
  return row;
}

document.addEventListener("change", ({ target }) => {
  if (target.name === "chosen") pick(target);
});
document.addEventListener("click", (event) => {
  const rows = event.target.closest("[data-add-row]")?.closest("[data-rows]");
  if (!rows) return;
  event.preventDefault();
  const numbers = [...rows.querySelectorAll("[data-row]")].map((row) => row.dataset.row.match(/\d+/));
  addRow(rows, 1 + Math.max(...numbers)).querySelector("textarea").focus();
});
