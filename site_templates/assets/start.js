/* Start. Instant navigation runs this script again on every page that it brings in; listeners are set once. */
const scan = () => {
  tellTimes();
  for (const holder of document.querySelectorAll(".rb-table")) liven(holder);
  findCharts();
};

const startOnce = () => {
  scan();
  document.addEventListener("click", onCopy);
  setInterval(tellTimes, 60000);
  new MutationObserver(recolour).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
  if (window.document$) window.document$.subscribe(scan);
};

if (window.replaybookScan) {
  window.replaybookScan();
} else {
  window.replaybookScan = scan;
  if (!self.defer) wearPalette();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startOnce, { once: true });
  else startOnce();
}
