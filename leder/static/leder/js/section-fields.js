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

// A part of the page under other names. Not by way of markup: once a field is drawn larger, the browser has given it a
// style attribute, which the policy stops there. Ids that the design system gives are its to give again.
function copyOf(part, from, to) {
  const made = part.cloneNode(true);
  for (const each of [made, ...made.querySelectorAll("*")]) {
    for (const name of ["style", "aria-labelledby"]) each.removeAttribute(name);
    if (!each.id.includes(from)) each.removeAttribute("id");
    for (const { name, value } of [...each.attributes]) {
      if (value.includes(from)) each.setAttribute(name, value.replaceAll(from, to));
    }
  }
  return made;
}

/** Show the fields of a statement when it is chosen; what was typed stays while the page is open. */
export function pick(box) {
  const option = box.closest("label");
  if (!box.checked || option.nextElementSibling?.matches(".leder-options__fields")) return;
  const picker = box.closest("[data-picker]");
  const other = picker.querySelector(".leder-options__fields");
  const key = other ? other.previousElementSibling.querySelector("input").value : "__n__";
  const pattern = other ?? picker.querySelector("template").content.firstElementChild;
  const fields = copyOf(pattern, `c-${key}-`, `c-${box.value}-`);
  empty(fields);
  option.after(fields);
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
  const row = copyOf(first, first.dataset.row, `g-${number}-`);
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
  end.before(row);
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
