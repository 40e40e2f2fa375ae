// The box in the table's head ticks every user on the page, or none.

const all = document.querySelector("[data-choose-all]");
if (all) {
  const boxes = [...document.querySelectorAll('.choose-list input[name="user"]')];
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
