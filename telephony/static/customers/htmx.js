// htmx for fragments made by the server: search, cards, forms. Live values come over the socket, never by htmx.
// Without eval and inline styles (the Content-Security-Policy allows none), and within this site only.

import htmx from "htmx.org/dist/htmx.esm.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyEnabled: false,
  timeout: 15000,
  defaultSettleDelay: 0, // a form that has just come is htmx's at once: Enter never sends it the browser's way
});

/** The token Django wants with every form; the page has one in its log-out form. */
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

export { htmx };
