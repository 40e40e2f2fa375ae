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
