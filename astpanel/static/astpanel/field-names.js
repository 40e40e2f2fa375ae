// Fields that Django's widgets leave without a name for screen readers: a search in a list that is empty yet.

function nameFields() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const name = label ? label.textContent.trim().replace(/:$/, "") : select.title;
    const shown = select.nextElementSibling;
    for (const part of shown ? shown.querySelectorAll(".select2-selection, .select2-selection__rendered") : []) {
      if (name && !part.hasAttribute("aria-label")) part.setAttribute("aria-label", name);
    }
  }
}

// The lists are made after the page is loaded, and with each row that is added: no event says when.
new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true });
nameFields();
