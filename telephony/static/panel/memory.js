// What this browser remembers of the page: the chosen views and tabs. Nothing of calls or customers.

export function remembered(key, fallback) {
  try {
    return localStorage.getItem(`astpanel:${key}`) || fallback;
  } catch {
    return fallback; // storage switched off by a policy
  }
}

/** False where nothing can be kept: the choice lives until the page is closed. */
export function remember(key, value) {
  try {
    localStorage.setItem(`astpanel:${key}`, value);
    return true;
  } catch {
    return false;
  }
}
