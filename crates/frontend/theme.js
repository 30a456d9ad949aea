// Runs before the first paint, so that a chosen theme does not flash. The key is the one in src/theme.rs.
try {
  const theme = localStorage.getItem("taskward.theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
    for (const colour of document.querySelectorAll("meta[data-shade]"))
      colour.media = colour.dataset.shade === theme ? "all" : "not all";
  }
} catch {
  // Storage may be forbidden; the system's theme is right then.
}
