/* Beside the SIP password: a button that makes a strong one in the browser.
   It is shown here until the page is saved, so that it can be put into the phone, and by no page ever after. */

const LENGTH = 24;
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"; // without 0 O, 1 I l: people type it
const LIMIT = 256 - (256 % LETTERS.length); // bytes above it would make some letters likelier

function strongPassword() {
  let password = "";
  while (password.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      if (byte < LIMIT && password.length < LENGTH) password += LETTERS[byte % LETTERS.length];
    }
  }
  return password;
}

function button(text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  return made;
}

function offer(input) {
  const box = document.createElement("span");
  box.className = "sip-password";
  const generate = button(gettext("Generate"));
  const copy = button(gettext("Copy"));
  const hint = document.createElement("span");
  hint.className = "sip-password-hint";
  hint.setAttribute("role", "status");
  copy.hidden = true;
  input.before(box);
  box.append(input, generate, copy, hint);
  generate.addEventListener("click", () => {
    input.type = "text";
    input.value = strongPassword();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    copy.hidden = false;
    hint.textContent = gettext("Copy it into the phone now: once saved it is never shown again.");
    input.select();
  });
  copy.addEventListener("click", async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      document.execCommand("copy"); // without HTTPS there is no clipboard for scripts
    }
    hint.textContent = gettext("Copied. Once saved it is never shown again.");
  });
}

document.addEventListener("DOMContentLoaded", () => {
  const input = document.querySelector("input#id_sip_password");
  if (input) offer(input);
});
