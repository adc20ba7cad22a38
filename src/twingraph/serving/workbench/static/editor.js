"use strict";
// The editor: YASGUI on this server's endpoint, with the graph's prefixes and the terms of its ontology.
window.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("yasgui");
  const prefixes = JSON.parse(box.dataset.prefixes), terms = JSON.parse(box.dataset.terms);
  const endpoint = new URL(box.dataset.endpoint, location.href).href;
  const Yasqe = Yasgui.Yasqe;
  const of = (kind) => terms.filter((term) => term.kind === kind).map((term) => term.iri);
  for (const [name, kind] of [["class-local", "class"], ["property-local", "property"]]) {
    Yasqe.registerAutocompleter({
      name, persistenceId: null, bulk: true, autoShow: true,
      isValidCompletionPosition: (yasqe) => Yasqe.Autocompleters[kind].isValidCompletionPosition(yasqe),
      preProcessToken: (yasqe, token) => Yasqe.Autocompleters[kind].preProcessToken(yasqe, token),
      postProcessSuggestion: (yasqe, token, text) => Yasqe.Autocompleters[kind].postProcessSuggestion(yasqe, token, text),
      get: () => of(kind),
    }, true);
  }
  Yasqe.defaults.autocompleters = ["prefixes-local", "variables", "class-local", "property-local"];
  const local = { name: "prefixes-local", persistenceId: null, bulk: true, autoShow: true, get: () => Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`).sort() };
  if (Yasqe.Autocompleters.prefixes) Yasqe.registerAutocompleter({ ...Yasqe.Autocompleters.prefixes, ...local }, true);
  Yasqe.defaults.addPrefixesOnBlur = false;
  const asked = new URLSearchParams(location.search);
  // Links that were shared from other pages of this kind have the query behind the hash.
  const wanted = asked.get("query") ?? new URLSearchParams(location.hash.slice(1)).get("query");
  // The server knows the prefixes; the editor marks those that are not declared.
  const missing = (query) => Object.keys(prefixes).filter((name) => new RegExp(`(^|[^\\w:<])${name}:[A-Za-z]`).test(query) && !new RegExp(`PREFIX\\s+${name}:`, "i").test(query)).sort();
  const declare = (query) => missing(query).map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join("") + query;
  const first = declare(wanted ?? "SELECT ?label ?start WHERE {\n  ?partnership a tw:Partnership ;\n    rdfs:label ?label ;\n    tw:start ?start .\n}\nORDER BY ?start\nLIMIT 20\n");
  for (const [name, View] of [["network", NetworkView], ["map", MapView]]) Yasgui.Yasr.registerPlugin(name, View);
  Yasgui.Yasr.defaults.errorRenderers = [problem];
  const words = JSON.parse(box.dataset.words);
  const Table = Yasgui.Yasr.plugins.table, columns = Table.prototype.getColumns;
  // What is sorted and searched is text: as markup, even cleaned, it would be parsed, and the browser complain of it.
  const asText = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
  Table.prototype.getColumns = function () {
    return columns.call(this).map((column) => ({
      ...column,
      render: (cell, kind, ...more) => (kind !== "display" && cell?.value !== undefined ? asText(cell.value) : column.render(cell, kind, ...more)),
    }));
  };
  Table.defaults.tableConfig.language.info = words["Showing _START_ to _END_ of _TOTAL_ entries"];
  const yasgui = new Yasgui(box, {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: true,
    persistenceId: null,
    // What is in the address is read above, whatever tab is shown.
    populateFromUrl: false,
    yasqe: { value: first },
    yasr: { prefixes },
    endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
  });
  const tab = yasgui.getTab();
  // The address at which this page shows a tab's query and its view of the answer.
  const address = (tab) => {
    const url = new URL(location.href), view = tab.getYasr().getSelectedPluginName();
    url.hash = "";
    url.searchParams.set("query", tab.getQuery());
    view && view !== "table" ? url.searchParams.set("view", view) : url.searchParams.delete("view");
    return url.href;
  };
  Object.getPrototypeOf(tab).getShareableLink = function () { return address(this); };
  // What was asked stands in the address, so that it can be cited, comes back, and goes along to the other language.
  const note = (tab) => {
    history.replaceState(history.state, "", address(tab));
    for (const link of document.querySelectorAll("header nav a[hreflang]")) {
      const lang = new URL(link.href).searchParams.get("lang");
      const search = new URLSearchParams(location.search);
      search.set("lang", lang);
      link.search = search;
    }
  };
  yasgui.on("query", (_, tab) => note(tab));
  const watch = (tab) => {
    const yasqe = tab.getYasqe();
    const complete = () => {
      const found = missing(yasqe.getValue());
      if (found.length) yasqe.addPrefixes(Object.fromEntries(found.reverse().map((name) => [name, prefixes[name]])));
    };
    yasqe.on("blur", complete);
    yasqe.on("change", (_, change) => { if (change.origin === "paste") complete(); });
    tab.getYasr().on("change", () => { if (tab.getYasr().results) note(tab); });
  };
  yasgui.on("tabAdd", (_, id) => setTimeout(() => { const added = yasgui.getTab(id); if (added) watch(added); }));
  watch(tab);
  tab.setQuery(first);
  tab.setEndpoint(endpoint);
  window.twingraph = { yasgui, tab };
  nameParts(box, words);
  let isWaiting = false;
  new MutationObserver(() => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => { isWaiting = false; nameParts(box, words); });
  }).observe(box, { childList: true, subtree: true });
  document.documentElement.dataset.ready = "1";
  const view = asked.get("view");
  if (["network", "map", "response"].includes(view)) tab.getYasr().selectPlugin(view);
  // What went wrong is shown with the answer.
  if (wanted) tab.getYasqe().query().catch(() => {});
});

// What the server says of a query that it can't answer, in its words and lines.
async function problem(error) {
  let said;
  try { said = JSON.parse(error.text); } catch { return undefined; }
  if (!said?.detail) return undefined;
  const text = document.createElement("pre");
  text.className = "problem";
  text.lang = "en";
  text.textContent = said.detail;
  return text;
}

// The names of the editor's parts in the language of the page, and names for those that have none.
function nameParts(box, words) {
  const set = (selector, name, value) => { for (const part of box.querySelectorAll(selector)) if (part.getAttribute(name) !== value) part.setAttribute(name, value); };
  for (const name of ["title", "aria-label", "placeholder"])
    for (const part of box.querySelectorAll(`[${name}]`)) {
      const said = words[part.getAttribute(name)];
      if (said !== undefined && said !== part.getAttribute(name)) part.setAttribute(name, said);
    }
  for (const part of box.querySelectorAll(".yasr_btn > span, .switch .label, .pageSizerLabel, .tableSizer option, .tab a > span")) {
    const said = words[part.textContent.trim()];
    if (said !== undefined && said !== part.textContent) part.textContent = said;
  }
  for (const part of box.querySelectorAll(".yasr_btnGroup .yasr_btn")) if (part.textContent) part.setAttribute("aria-label", part.textContent);
  for (const part of box.querySelectorAll(".yasr_response_chip")) {
    const found = /^([\d,]+) results? in ([\d.]+) seconds?$/.exec(part.textContent);
    if (found && words.results !== "results") part.textContent = `${found[1]} ${words.results}, ${found[2]} s`;
  }
  // An IRI of the graph answers here, wherever this server stands.
  const { base, space } = box.dataset;
  for (const link of box.querySelectorAll(`.yasr a[href^="${space}"]`)) link.href = base + link.getAttribute("href").slice(space.length);
  set(".tabsList .addTab", "role", "tab");
  set(".tabsList .addTab", "aria-selected", "false");
  set(".autocomplete", "aria-label", words.Endpoint);
  set(".yasqe textarea", "aria-label", "SPARQL");
  set(".tableSizer", "aria-label", words["Page size:"]);
  for (const part of box.querySelectorAll("thead th:first-child .dt-column-title")) if (!part.textContent) part.textContent = "#";
}

// ---- answers as pictures: rows that join two things as a network, rows with coordinates as a map -----------------------
const SVG = "http://www.w3.org/2000/svg";
function draw(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
const shown = (value) => (value.startsWith("http") ? decodeURIComponent(value.replace(/.*[/#]/, "")) : value);
// Write a name beside a place, unless it would lie on another.
function name(svg, taken, x, y, text, unit) {
  const box = [x + 6 * unit, y - 6 * unit, x + (6 + 6.6 * text.length) * unit, y + 6 * unit];
  if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return;
  taken.push(box);
  const shown = draw("text", { x: box[0], y: y + 4 * unit, "font-size": 12 * unit, fill: "#1d2430", stroke: "#fff", "stroke-width": 3 * unit, "paint-order": "stroke" });
  shown.textContent = text;
  svg.append(shown);
}

class View {
  constructor(yasr) { this.yasr = yasr; this.priority = 1; this.helpReference = ""; }
  // Narrow windows show the icons alone.
  icon(...parts) {
    const box = document.createElement("div");
    box.className = "svgImg";
    box.append(draw("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, ...parts));
    return box;
  }
  rows() { return this.yasr.results?.getBindings() ?? []; }
  variables() { return this.yasr.results?.getVariables() ?? []; }
  show(svg, told) {
    const text = document.createElement("p");
    text.textContent = told;
    text.className = "by";
    this.yasr.resultsEl.replaceChildren(text, svg);
  }
}

class NetworkView extends View {
  constructor(yasr) { super(yasr); this.label = "Network"; }
  getIcon() {
    const spots = [[3, 4], [13, 3], [9, 13]];
    return this.icon(draw("path", { d: `M${spots.map((spot) => spot.join(" ")).join("L")}Z`, fill: "none", stroke: "currentColor" }),
      ...spots.map(([cx, cy]) => draw("circle", { cx, cy, r: 2.4, fill: "currentColor" })));
  }
  // The two columns that join: those that hold names, or else the first two.
  ends() {
    const names = this.variables();
    return names.length >= 2 ? names.slice(0, 2) : null;
  }
  canHandleResults() { return this.ends() !== null && this.rows().length > 0; }
  draw() {
    const [one, other] = this.ends(), nodes = new Map(), edges = [];
    const node = (value) => { if (!nodes.has(value)) nodes.set(value, { value, degree: 0 }); return nodes.get(value); };
    for (const row of this.rows().slice(0, 2000)) {
      if (!row[one] || !row[other]) continue;
      const a = node(row[one].value), b = node(row[other].value);
      a.degree += 1; b.degree += 1;
      edges.push([a, b]);
    }
    const list = [...nodes.values()].sort((a, b) => b.degree - a.degree), size = 760;
    // Places of a sunflower, those with most ties in the middle; then a little pulling along the ties.
    list.forEach((item, i) => { const r = 40 * Math.sqrt(i), t = 2.399963 * i; item.x = r * Math.cos(t); item.y = r * Math.sin(t); });
    const near = 60;
    for (let round = 0; round < (list.length > 400 ? 0 : 120); round++) {
      for (const [a, b] of edges) {
        const dx = b.x - a.x, dy = b.y - a.y, d = Math.hypot(dx, dy) || 1, f = (d - 90) / d * 0.04;
        a.x += dx * f; a.y += dy * f; b.x -= dx * f; b.y -= dy * f;
      }
      for (let i = 0; i < list.length; i++) for (let j = 0; j < i; j++) {
        const a = list[i], b = list[j], dx = b.x - a.x, dy = b.y - a.y, d = Math.hypot(dx, dy) || 1;
        if (d < near) { const f = (near - d) / d * 0.4; a.x -= dx * f; a.y -= dy * f; b.x += dx * f; b.y += dy * f; }
      }
    }
    const xs = list.map((item) => item.x), ys = list.map((item) => item.y);
    const left = Math.min(...xs) - 30, top = Math.min(...ys) - 30, width = Math.max(...xs) - left + 120, height = Math.max(...ys) - top + 30;
    const svg = draw("svg", { viewBox: `${left} ${top} ${width} ${height}`, width: "100%", style: `max-height:${size}px`, role: "img", "aria-label": "Network" });
    const unit = Math.max(width, height) / 900, taken = [];
    for (const [a, b] of edges) svg.append(draw("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, stroke: "#8aa0b8", "stroke-width": unit }));
    list.forEach((item, i) => {
      const title = draw("title", {});
      title.textContent = item.value;
      svg.append(draw("circle", { cx: item.x, cy: item.y, r: unit * (3 + Math.sqrt(item.degree)), fill: "#0b5cad" }, title));
      if (i < 200) name(svg, taken, item.x, item.y, shown(item.value), unit);
    });
    this.show(svg, `?${one} – ?${other}: ${list.length}, ${edges.length}`);
  }
}

class MapView extends View {
  constructor(yasr) { super(yasr); this.label = "Map"; }
  getIcon() {
    return this.icon(draw("path", { d: "M8 15C4 10 3 8.5 3 6a5 5 0 0 1 10 0c0 2.5-1 4-5 9Z", fill: "currentColor" }), draw("circle", { cx: 8, cy: 6, r: 1.8, fill: "#fff" }));
  }
  columns() {
    const find = (words) => this.variables().find((name) => words.test(name));
    const lat = find(/^(lat|latitude|breite)/i), long = find(/^(long|lon|lng|longitude|laenge)/i);
    return lat && long ? [lat, long] : null;
  }
  canHandleResults() { return this.columns() !== null && this.rows().length > 0; }
  async draw() {
    const [lat, long] = this.columns(), label = this.variables().find((name) => name !== lat && name !== long);
    const points = this.rows().slice(0, 5000).filter((row) => row[lat] && row[long]).map((row) => ({ x: +row[long].value, y: -row[lat].value, name: label && row[label] ? shown(row[label].value) : "" }))
      .filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
    if (!points.length) return;
    const xs = points.map((point) => point.x), ys = points.map((point) => point.y);
    const span = Math.max(Math.max(...xs) - Math.min(...xs), 2 * (Math.max(...ys) - Math.min(...ys)), 4) * 1.2;
    const cx = (Math.max(...xs) + Math.min(...xs)) / 2, cy = (Math.max(...ys) + Math.min(...ys)) / 2;
    const svg = draw("svg", { viewBox: `${cx - span / 2} ${cy - span / 4} ${span} ${span / 2}`, width: "100%", role: "img", "aria-label": "Map", style: "background:#eef3f7" });
    const rings = await (await fetch(new URL("outlines.json", document.querySelector('link[rel="stylesheet"]').href))).json();
    svg.append(draw("path", { d: rings.map((ring) => `M${ring.map(([x, y]) => `${x} ${-y}`).join("L")}Z`).join(""), fill: "#e6e2d8", stroke: "#b8b2a3", "stroke-width": span / 1600 }));
    const taken = [];
    points.forEach((point, i) => {
      const title = draw("title", {});
      title.textContent = point.name;
      svg.append(draw("circle", { cx: point.x, cy: point.y, r: span / 260, fill: "#b3261e" }, title));
      if (i < 300 && point.name) name(svg, taken, point.x, point.y, point.name, span / 1100);
    });
    this.show(svg, `${points.length}`);
  }
}
