/* The box in the table's head chooses all rows, or none. */

const all = document.getElementById("choose-all");
if (all) {
  const boxes = [...document.querySelectorAll('input[name="number"]')];
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  boxes.forEach((box) => box.addEventListener("change", show));
  show();
}
