/* Charts: the library comes when the first chart is seen, colours come from the style sheet and follow the palette. */
const drawn = new Map();
let library = null;

const plotly = () => {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(self.dataset.plotly, self.src).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
};

const ink = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

const coloured = ({ data, layout }) => {
  const [text, grid] = [ink("--rb-chart-text"), ink("--rb-chart-grid")];
  const axis = (value) => ({ ...value, gridcolor: grid, zerolinecolor: grid, linecolor: grid });
  const clear = "rgba(0,0,0,0)";
  return {
    data: data.map((trace) => {
      const color = ink(`--rb-${trace.meta.tone}`);
      return { ...trace, marker: { ...trace.marker, color }, ...(trace.line ? { line: { ...trace.line, color } } : {}) };
    }),
    layout: {
      ...layout,
      paper_bgcolor: clear,
      plot_bgcolor: clear,
      font: { family: ink("--rb-chart-font"), size: 12, color: text },
      hoverlabel: { bgcolor: ink("--rb-chart-ground"), bordercolor: grid, font: { color: text } },
      xaxis: axis(layout.xaxis),
      yaxis: axis(layout.yaxis),
      ...(layout.yaxis2 ? { yaxis2: axis(layout.yaxis2) } : {}),
    },
  };
};

const readFigure = async (place) => {
  if (place.dataset.figure) return (await fetch(place.dataset.figure)).json();
  return JSON.parse(place.parentElement.querySelector(":scope > template").content.textContent);
};

const draw = async (place) => {
  try {
    const [figure, Plotly] = [await readFigure(place), await plotly()];
    if (!place.isConnected) return;
    const { data, layout } = coloured(figure);
    place.classList.add("rb-drawn");
    await Plotly.newPlot(place, data, layout, { responsive: true, displaylogo: false, displayModeBar: false });
    drawn.set(place, figure);
  } catch {
    place.hidden = true; // the numbers are there without the drawing
    const numbers = place.parentElement.querySelector(":scope > details");
    if (numbers) numbers.open = true;
  }
};

const recolour = () => {
  for (const [place, figure] of drawn) {
    const { data, layout } = coloured(figure);
    window.Plotly.react(place, data, layout);
  }
};

const clearGone = () => {
  for (const place of drawn.keys()) {
    if (place.isConnected) continue;
    window.Plotly.purge(place);
    drawn.delete(place);
  }
};

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    draw(entry.target);
  }
}, { rootMargin: "200px" });

const findCharts = () => {
  clearGone();
  for (const place of document.querySelectorAll(".rb-plot:not([data-watched])")) {
    place.dataset.watched = "yes";
    seen.observe(place);
  }
};
