/* Meeting mode by keyboard: Alt and the arrow keys turn to the previous and the next section.
   The links do the same; without script nothing is missing. */

const nav = document.querySelector("[data-meeting-nav]");

function addressOf(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const relation = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  return relation ? nav.querySelector(`a[rel="${relation}"]`) : null;
}

if (nav) {
  for (const hint of nav.querySelectorAll(".leder-meeting__keys")) hint.hidden = false;
  document.addEventListener("keydown", (event) => {
    const link = addressOf(event);
    if (!link) return;
    // The browser's own Alt and arrow is "back": here it would leave the conversation.
    event.preventDefault();
    link.click();
  });
}
