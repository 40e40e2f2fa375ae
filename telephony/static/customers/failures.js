// A form or list within a fragment that fails says so: nothing fails in silence.

import { toast } from "../panel/overlays.js";

export function sayFailures() {
  const texts = {
    "htmx:responseError": ({ xhr }) => reason(xhr) || interpolate(gettext("It did not work: the portal had an error (%s)."), [xhr.status]),
    "htmx:sendError": () => gettext("It did not work: the portal does not answer."),
    "htmx:timeout": () => gettext("It did not work: no answer in time."),
  };
  for (const [name, text] of Object.entries(texts)) {
    document.addEventListener(name, (event) => toast(text(event.detail), "error"));
  }
}

/** A refusal in words is a plain text; a page of HTML is no message. */
function reason(xhr) {
  if (xhr.status === 401) return gettext("Your session has ended: reload the page and log in.");
  const plain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  return plain ? xhr.responseText : "";
}
