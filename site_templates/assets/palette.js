/* Lean pages wear the palette that the reader chose on a full page; Material keeps it in localStorage. */
const self = document.currentScript;

const storedScheme = () => {
  try {
    const scope = new URL(self.dataset.scope, location).pathname;
    const { color } = JSON.parse(localStorage.getItem(`${scope}.__palette`)) || {};
    return color && color.media !== "(prefers-color-scheme)" ? color.scheme : "";
  } catch {
    return ""; // storage may be refused, or hold something else
  }
};

const wearPalette = () => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wear = () => {
    const scheme = storedScheme() || (dark.matches ? "slate" : "default");
    document.body.setAttribute("data-md-color-scheme", scheme === "slate" ? "slate" : "default");
  };
  wear();
  dark.addEventListener("change", wear);
};
