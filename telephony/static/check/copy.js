// Lines to add to the PBX: copied by one click, a password put in where one is to be chosen. Without JavaScript the
// buttons stay hidden and the lines can be selected by hand.

const PLACEHOLDER = /CHANGE-ME/g;
const LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // none that look alike
const LENGTH = 24;

const say = (text) => {
  for (const place of document.querySelectorAll("[data-copied]")) place.textContent = text;
};

/** A secret of this page alone: the portal never sees it. */
const password = () => {
  let made = "";
  while (made.length < LENGTH) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 256 - (256 % LETTERS.length)) made += LETTERS[byte % LETTERS.length];
  }
  return made;
};

const select = (node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
};

/** The clipboard needs HTTPS or localhost; without it the selection still can be copied, or at least is made. */
const copy = async (node) => {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    select(node);
    return document.execCommand("copy");
  }
};

const mark = (button) => {
  button.classList.add("snippet-done");
  setTimeout(() => button.classList.remove("snippet-done"), 2000);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-generate]");
  const text = button?.closest("[data-snippet]")?.querySelector("[data-text]");
  if (!text) return;
  if (button.matches("[data-generate]")) {
    text.textContent = text.textContent.replace(PLACEHOLDER, password);
    button.hidden = true;
    say(button.dataset.done);
    return;
  }
  const done = await copy(text);
  say(done ? button.dataset.done : button.dataset.failed);
  if (done) mark(button);
});

for (const button of document.querySelectorAll("[data-copy], [data-generate]")) button.hidden = false;
