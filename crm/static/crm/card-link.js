// A link on the card: what becomes of the address as it is typed. The server makes the example.

const PAUSE = 250; // milliseconds after the last key
const field = document.querySelector("input[name=template]");
const shown = document.querySelector("[data-example] bdi");

if (field && shown) {
  let timer = 0;
  let asking = null;

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const address = new URL(shown.parentElement.dataset.example, document.location);
    address.searchParams.set("template", field.value);
    try {
      const answer = await fetch(address, { signal: asking.signal, redirect: "error" });
      if (answer.ok) shown.textContent = (await answer.json()).text || "—";
    } catch (error) {
      if (error.name !== "AbortError") shown.textContent = "—";
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
