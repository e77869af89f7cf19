// In the page editor: says at each paragraph how many agreements build on it, and asks before it is removed.
function watchParagraphs() {
  const data = document.getElementById("leder-paragraphs");
  const question = document.getElementById("leder-paragraph-question");
  if (!data || !question) return;
  const notes = JSON.parse(data.textContent);

  function mark() {
    for (const block of document.querySelectorAll("[data-contentpath]")) {
      const note = notes[block.dataset.contentpath];
      if (!note || block.dataset.lederNoted) continue;
      block.dataset.lederNoted = "true";
      const line = document.createElement("p");
      line.className = "leder-paragraph-note";
      line.textContent = note;
      block.prepend(line);
    }
  }

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }).observe(document.body, { childList: true, subtree: true });
  mark();

  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.("[data-streamfield-action='DELETE']");
      const note = button && notes[button.closest("[data-contentpath]")?.dataset.contentpath];
      if (note && !window.confirm(`${note}. ${question.content.textContent}`)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );
}

document.addEventListener("DOMContentLoaded", watchParagraphs);
