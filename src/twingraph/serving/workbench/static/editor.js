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
  const wanted = new URLSearchParams(location.search).get("query");
  // The server knows the prefixes; the editor marks those that are not declared.
  const declare = (query) => {
    const missing = Object.keys(prefixes).filter((name) => new RegExp(`(^|[^\\w:<])${name}:[A-Za-z]`).test(query) && !new RegExp(`PREFIX\\s+${name}:`, "i").test(query));
    return missing.sort().map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join("") + query;
  };
  const first = declare(wanted ?? "SELECT ?label ?start WHERE {\n  ?partnership a tw:Partnership ;\n    rdfs:label ?label ;\n    tw:start ?start .\n}\nORDER BY ?start\nLIMIT 20\n");
  for (const [name, View] of [["network", NetworkView], ["map", MapView]]) Yasgui.Yasr.registerPlugin(name, View);
  const yasgui = new Yasgui(box, {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: true,
    persistenceId: null,
    yasqe: { value: first, createShareableLink: null },
    endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
  });
  const tab = yasgui.getTab();
  tab.setQuery(first);
  tab.setEndpoint(endpoint);
  window.twingraph = { yasgui, tab };
  document.documentElement.dataset.ready = "1";
  if (wanted) tab.getYasqe().query();
});

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
  getIcon() { return document.createElement("span"); }
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
