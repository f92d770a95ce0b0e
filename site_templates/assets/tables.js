/* Tables sort and filter; the state stands in the address: ?<table>.q=, ?<table>.sort=<column> or -<column>, ?<table>.<column>=. */
const FEW_ROWS = 6;

const slug = (text) => text.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

const readState = (id) => {
  const state = new Map();
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (key.startsWith(`${id}.`)) state.set(key.slice(id.length + 1), value);
  }
  return state;
};

const writeState = (id, state) => {
  const url = new URL(location.href);
  for (const key of [...url.searchParams.keys()]) if (key.startsWith(`${id}.`)) url.searchParams.delete(key);
  for (const [key, value] of state) if (value) url.searchParams.set(`${id}.${key}`, value);
  try {
    history.replaceState(history.state, "", url);
  } catch { /* refused for some local files: the table still works */ }
};

const cellKey = (cell) => (cell.dataset.s ?? cell.textContent).trim();

const compareBy = (index, rows) => {
  const keys = new Map(rows.map((row) => [row, cellKey(row.cells[index])]));
  const numeric = [...keys.values()].every((key) => key === "" || !Number.isNaN(Number(key)));
  return (a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (x === "" || y === "") return (x === "") - (y === ""); // what is unknown comes last
    return numeric ? Number(x) - Number(y) : x.localeCompare(y, "en", { numeric: true });
  };
};

const field = (element, label) => {
  const wrap = document.createElement("label");
  wrap.append(`${label} `, element);
  return wrap;
};

const choice = (column, rows, state, update) => {
  const select = document.createElement("select");
  const values = new Set(rows.map((row) => row.cells[column.index].textContent.trim()));
  select.append(new Option("all", ""));
  for (const value of [...values].sort((a, b) => a.localeCompare(b, "en", { numeric: true }))) select.append(new Option(value || "(none)", value));
  const wanted = state.get(column.slug);
  if (wanted && values.has(wanted)) select.value = wanted;
  else state.delete(column.slug);
  select.addEventListener("change", () => { state.set(column.slug, select.value); update(); });
  return field(select, column.title);
};

const searchField = (state, update) => {
  const input = document.createElement("input");
  input.type = "search";
  input.value = state.get("q") || "";
  input.addEventListener("input", () => { state.set("q", input.value); update(); });
  return field(input, "Find");
};

const sortButton = (column, state, update) => {
  const button = document.createElement("button");
  button.className = "rb-sort";
  button.append(...column.head.childNodes);
  column.head.append(button);
  button.addEventListener("click", () => {
    state.set("sort", state.get("sort") === column.slug ? `-${column.slug}` : column.slug);
    update();
  });
};

const liven = (holder) => {
  const table = holder.querySelector(":scope > .rb-scroll > table");
  if (!table || holder.dataset.alive) return;
  holder.dataset.alive = "yes";
  const rows = [...table.tBodies[0].rows];
  const state = readState(holder.id);
  const seen = new Set();
  const columns = [...table.tHead.rows[0].cells].map((head, index) => {
    const title = head.textContent.trim();
    const name = seen.has(slug(title)) || !slug(title) ? `column-${index + 1}` : slug(title);
    seen.add(name);
    return { head, index, title, slug: name, filter: head.hasAttribute("data-filter") };
  });
  const tally = document.createElement("span");
  tally.setAttribute("role", "status");
  const show = () => {
    const [query, sort] = [(state.get("q") || "").toLowerCase(), state.get("sort") || ""];
    const filters = columns.filter((column) => column.filter && state.get(column.slug));
    let shown = 0;
    for (const row of rows) {
      const fits = (!query || row.textContent.toLowerCase().includes(query))
        && filters.every((column) => row.cells[column.index].textContent.trim() === state.get(column.slug));
      row.hidden = !fits;
      shown += fits;
    }
    const by = columns.find((column) => column.slug === sort.replace(/^-/, ""));
    const order = by ? [...rows].sort(compareBy(by.index, rows)) : rows;
    if (by && sort.startsWith("-")) order.reverse();
    table.tBodies[0].append(...order);
    for (const column of columns) {
      if (column === by) column.head.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
      else column.head.removeAttribute("aria-sort");
    }
    tally.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} rows`;
  };
  const update = () => { writeState(holder.id, state); show(); };
  for (const column of columns) sortButton(column, state, update);
  if (rows.length >= FEW_ROWS) {
    const tools = document.createElement("div");
    tools.className = "rb-tools";
    tools.append(searchField(state, update), ...columns.filter((column) => column.filter).map((column) => choice(column, rows, state, update)), tally);
    holder.prepend(tools);
  }
  if (state.size) show();
};
