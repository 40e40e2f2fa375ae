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

// A PBX or a 1C may take its time: say what is being done, and press the button once only.
const waiting = document.getElementById("waiting");
if (waiting) {
  const words = waiting.querySelector("[data-words]");
  const seconds = waiting.querySelector("[data-seconds]");
  const form = document.getElementById("step-form");
  const inSeconds = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "second" });
  const told = async () => {
    try {
      const answer = await fetch(waiting.dataset.progress);
      const now = answer.ok ? (await answer.json()).words : "";
      if (now) words.textContent = now;
    } catch {
      // the page is being replaced
    }
  };
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
      seconds.textContent = inSeconds.format(Math.round((Date.now() - begun) / 1000));
      if (waiting.dataset.progress) await told();
      setTimeout(look, 700);
    };
    setTimeout(look, 700);
  });

}

// What belongs to 1C is there when 1C is chosen.
const part = document.querySelector("[data-when]");
if (part) {
  const systems = part.closest("form").elements.system;
  const show = () => part.toggleAttribute("hidden", systems.value !== part.dataset.when);
  for (const system of systems) system.addEventListener("change", show);
  show();
}

// The usual port of the connection that is chosen, unless another port was typed.
const link = document.querySelector("#step-form #id_link");
if (link) {
  const usual = { ami: "5038", "ami-tls": "5039", ajam: "8088", "ajam-tls": "8089" };
  const port = document.getElementById("id_port");
  link.addEventListener("change", () => {
    const known = usual[link.value];
    if (known && (!port.value || Object.values(usual).includes(port.value))) port.value = known;
  });
}
