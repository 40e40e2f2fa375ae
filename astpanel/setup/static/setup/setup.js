// The assistant's small comforts. Everything works without this file.

// After a refusal the keyboard stands on the first field that has to be mended.
const wrong = document.querySelector("[data-focus-error] [data-error] :is(input, select, textarea):not([type=hidden])");
if (wrong) {
  wrong.closest("details")?.setAttribute("open", "");
  wrong.focus();
} else {
  document.getElementById("failure")?.focus();
}

// On a narrow page the strip of steps shows where we are.
document.querySelector(".steps-item[aria-current=step]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A file dropped on the box, or chosen, is added at once.
const drop = document.querySelector("[data-drop]");
if (drop) {
  const file = drop.querySelector("input[type=file]");
  const upload = drop.querySelector("[data-upload]");
  const add = () => file.files.length && file.form.requestSubmit(upload);
  file.addEventListener("change", add);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", (event) => {
    if (!drop.contains(event.relatedTarget)) drop.classList.remove("over");
  });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) {
      file.files = event.dataTransfer.files;
      add();
    }
  });
}

// A check of the PBX may take its time: say what it is doing, and press the button once only.
const waiting = document.getElementById("waiting");
if (waiting) {
  const words = waiting.querySelector("[data-words]");
  const seconds = waiting.querySelector("[data-seconds]");
  const form = document.getElementById("step-form");
  form.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.name === "go" || event.submitter.name === "discard") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("[data-slow]")) button.setAttribute("aria-disabled", "true");
    const begun = Date.now();
    const look = async () => {
      waiting.hidden = false;
      seconds.textContent = `${Math.round((Date.now() - begun) / 1000)} s`;
      try {
        const answer = await fetch(waiting.dataset.progress);
        const told = answer.ok ? (await answer.json()).words : "";
        if (told) words.textContent = told;
      } catch {
        // the page is being replaced
      }
      setTimeout(look, 700);
    };
    setTimeout(look, 700);
  });

  // The usual port of the connection that is chosen, unless another port was typed.
  const usual = { ami: "5038", "ami-tls": "5039", ajam: "8088", "ajam-tls": "8089" };
  const port = form.elements.port;
  form.elements.link.addEventListener("change", (event) => {
    const known = usual[event.target.value];
    if (known && (!port.value || Object.values(usual).includes(port.value))) port.value = known;
  });
}
