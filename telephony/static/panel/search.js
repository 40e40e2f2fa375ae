// Finding a colleague: by name, number or department, typed with the wrong keyboard layout too. Pure.

const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё";
const LAYOUT = new Map([...LATIN].map((key, place) => [key, CYRILLIC[place]]));

export function normal(text) {
  return text.toLowerCase().replaceAll("ё", "е").replace(/\s+/g, " ").trim();
}

/** What a person is found by. */
export function haystack(person) {
  return normal([person.name, person.group, ...person.numbers].join(" "));
}

/** → a predicate over haystacks: every word of the query occurs, as typed or in the other layout. */
export function matcher(query) {
  const typed = normal(query);
  const other = normal([...query.toLowerCase()].map((key) => LAYOUT.get(key) ?? key).join(""));
  const variants = [...new Set([typed, other])].map((text) => text.split(" "));
  return (hay) => variants.some((words) => words.every((word) => hay.includes(word)));
}

/** The query as a number that can be dialled, else empty: +7 (495) 111-22-33 → +74951112233. */
export function dialableQuery(query) {
  const number = query.replace(/[\s().-]/g, "");
  return /^\+?[0-9*#]{2,31}$/.test(number) ? number : "";
}
