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

/** Say beside a goal whether it is removed, and what the button does. */
export function showRemoval(box) {
  const [told, button] = box.parentElement.children;
  told.textContent = box.checked ? told.dataset.removed : "";
  button.textContent = box.checked ? button.dataset.undo : button.dataset.remove;
}

// A button instead of a tick: the goal goes at once, and comes back as it was until the page is left.
function makeRemovable(rows, row) {
  const tick = row.querySelector('[name$="-remove"]');
  const line = rows.querySelector("template").content.firstElementChild.cloneNode(true);
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", hidden: true, name: `${row.dataset.row}remove`, checked: tick?.checked });
  line.append(box);
  if (tick) tick.closest(".ds-field").replaceWith(line);
  else row.append(line);
  showRemoval(box);
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
  part("status")?.closest(".ds-field").remove();
  part("remove")?.parentElement.remove();
  empty(row);
  makeRemovable(rows, row);
  // What is no date stands in an ordinary field.
  part("due").type = "date";
  // The goal's id is made here, so that saving it twice is saving it once.
  part("id").value = crypto.randomUUID?.() ?? "";
  return row;
}

document.addEventListener("change", ({ target }) => {
  if (target.name === "chosen") pick(target);
});
for (const row of document.querySelectorAll("[data-rows] > [data-row]")) makeRemovable(row.parentElement, row);
document.addEventListener("click", ({ target }) => {
  const box = target.closest("[data-remove]")?.parentElement.querySelector("input");
  if (!box) return;
  box.checked = !box.checked;
  showRemoval(box);
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("click", (event) => {
  const rows = event.target.closest("[data-add-row]")?.closest("[data-rows]");
  if (!rows) return;
  event.preventDefault();
  const numbers = [...rows.querySelectorAll("[data-row]")].map((row) => row.dataset.row.match(/\d+/));
  addRow(rows, 1 + Math.max(...numbers)).querySelector("textarea").focus();
});
