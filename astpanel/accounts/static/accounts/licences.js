// Licence files dropped on the page are added at once. Without this script the file button does the same.

for (const form of document.querySelectorAll("[data-licence-form]")) {
  const zone = form.querySelector("[data-drop]");
  const input = zone.querySelector("input[type=file]");
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault(); // else the browser leaves the page and opens the file
      zone.toggleAttribute("data-over", true);
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) zone.toggleAttribute("data-over", false);
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone.toggleAttribute("data-over", false);
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
