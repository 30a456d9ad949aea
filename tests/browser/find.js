// Finds the first element of a kind and a name that can be seen. What lies under a modal dialog cannot be used.
const [kind, name] = arguments;
// Of two, the later one lies over the other.
const root = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document;
const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const visible = (element) => element.checkVisibility({ visibilityProperty: true });
const nameOf = (element) => {
  const label = element.getAttribute("aria-label");
  if (label) return tidy(label);
  const ids = element.getAttribute("aria-labelledby");
  if (ids) return tidy(ids.split(" ").map((id) => document.getElementById(id)?.textContent).join(" "));
  if (element.labels?.length) return tidy([...element.labels].map((each) => each.textContent).join(" "));
  return tidy(element.textContent);
};
const named = (selector) =>
  [...root.querySelectorAll(selector)].find((element) => visible(element) && nameOf(element) === name);
const kinds = {
  button: () => named("button, [role=button]"),
  link: () => named("a[href]"),
  field: () => named("input:not([type=checkbox]):not([type=radio]), textarea"),
  choice: () => named("input[type=checkbox], input[type=radio]"),
  heading: () => named("h1, h2, h3"),
  testid: () => [...document.querySelectorAll(`[data-testid="${name}"]`)].find(visible),
  row: () =>
    [...document.querySelectorAll("[data-testid=task-row]")].find(
      (row) => visible(row) && tidy(row.querySelector("[data-testid=task-title]")?.textContent) === name,
    ),
  text: () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT, (element) =>
      visible(element) && tidy(element.textContent).includes(name)
        ? NodeFilter.FILTER_ACCEPT
        : NodeFilter.FILTER_REJECT,
    );
    let found = null;
    while (walker.nextNode()) found = walker.currentNode;
    return found;
  },
};
return kinds[kind]() ?? null;
