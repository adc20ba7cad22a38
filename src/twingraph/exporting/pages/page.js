"use strict";
// What the network page and the map page share: filters, time, search, details, table, legend and labels. A renderer
// (window.createRenderer) draws places and ties and says where a place is on the screen.
(() => {
  const model = JSON.parse(document.getElementById("data").textContent);
  const UNDATED = 0, POSSIBLE = 1, CERTAIN = 2;
  const GREY = "#949494";
  const byId = (id) => document.getElementById(id);
  let language = model.language;
  // {0} is the first value, {0?one|several} a word that depends on it.
  const t = (key, ...values) => (model.texts[language][key] ?? key)
    .replace(/\{(\d)(?:\?([^|}]*)\|([^}]*))?\}/g, (_, i, one, several) => several === undefined ? values[i] : values[i] === 1 ? one : several);
  // Keys from data may be called like what every object has, such as "constructor".
  const own = (table, key) => Object.hasOwn(table, key) ? table[key] : undefined;
  const term = (scheme, key) => own(model.terms[language][scheme], key) ?? key;

  // ---- the model -------------------------------------------------------------------------------------------------
  const nodes = model.nodes.map(([key, name, country, community, x, y, type, iri], index) => ({
    index, key, name, country, community, x, y, type, iri, edges: [], degree: 0, isVisible: true,
  }));
  const ties = model.ties.map(([key, iri, kind, status, start, end, since, level, life, phases, members, name, claims]) => ({
    key, iri, kind, status, start, end, since, level, life, members, name, claims,
    phases: phases?.map(([kind, life, level]) => ({ kind, life, level })),
  }));
  const edges = model.edges.map(([from, to, own, path], index) => {
    const edge = { index, from, to, ties: own.map((i) => ties[i]), path, isVisible: true, level: CERTAIN };
    nodes[from].edges.push(edge);
    nodes[to].edges.push(edge);
    return edge;
  });
  for (const node of nodes) node.degree = node.edges.length;
  const ranked = [...nodes].sort((a, b) => b.degree - a.degree || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

  const state = { kinds: new Set(), statuses: new Set(), levels: new Set(), country: "", year: null, day: null, colour: "country",
                  chosen: null };

  const endOf = (year) => Math.min(Date.UTC(year, 11, 31) / 864e5 + 719163, model.today);
  const isTimed = () => model.time !== null || state.year !== null;
  // How sure it is that a tie or phase was in force in the time that is shown; -1 where it was not.
  function levelThen({ life, level }) {
    if (state.year === null) return level;
    if (life[0] <= state.day && state.day <= life[1]) return CERTAIN;
    return life[2] > state.day || state.day > life[3] ? -1 : life[4] ? POSSIBLE : UNDATED;
  }
  // With a time it is the kind at that time that counts, without one the present kind.
  const hasPhases = (tie) => tie.phases && isTimed();
  const kindOf = (phase) => phase.kind ?? "unknown";
  // The kind of the phase that most surely was in force, of those that the filter leaves if there are any.
  function kindThen(tie) {
    if (!hasPhases(tie)) return kindOf(tie);
    const phases = tie.phases.filter((phase) => levelThen(phase) >= 0);
    const left = phases.filter((phase) => state.kinds.has(kindOf(phase)));
    const sure = (left.length ? left : phases).sort((a, b) => levelThen(b) - levelThen(a));
    return kindOf(sure[0] ?? tie);
  }
  // How sure it is that a tie was in force as one of some kinds; -1 where it was not.
  function certaintyOf(tie, kinds) {
    if (!hasPhases(tie)) return kinds.has(kindOf(tie)) ? levelThen(tie) : -1;
    const phases = tie.phases.filter((phase) => kinds.has(kindOf(phase)));
    // When a kind became another does not matter to those who ask for both.
    if (phases.length === tie.phases.length) return levelThen(tie);
    const level = Math.max(-1, ...phases.map(levelThen));
    return level === UNDATED && phases.some((phase) => phase.life[4]) ? POSSIBLE : level;
  }
  function levelOf(tie) {
    const level = state.statuses.has(tie.status ?? "unknown") ? certaintyOf(tie, state.kinds) : -1;
    return state.levels.has(level) ? level : -1;
  }
  // A union has no country of its own; it is where any of its members is.
  const countriesOf = (node) => node.type === "union" ? node.edges.map((edge) => other(edge, node).country) : [node.country];

  // Returns how many ties are shown of each certainty, and how many each box of a filter would show with the other
  // filters as they are.
  function filter() {
    const counts = [0, 0, 0];
    const choice = { kinds: new Map(), levels: new Map(), statuses: new Map() };
    const count = (scheme, key) => choice[scheme].set(key, (choice[scheme].get(key) ?? 0) + 1);
    const inside = new Set(state.country ? nodes.filter((node) => countriesOf(node).includes(state.country)).map((node) => node.index) : []);
    const seen = new Set();
    for (const node of nodes) node.isVisible = !node.edges.length && state.year === null && !state.country;
    for (const edge of edges) {
      edge.level = -1;
      edge.tie = null;
      const near = !state.country || inside.has(edge.from) || inside.has(edge.to);
      if (near) {
        for (const tie of edge.ties) {
          const certainty = certaintyOf(tie, state.kinds), status = tie.status ?? "unknown";
          const level = state.levels.has(certainty) && state.statuses.has(status) ? certainty : -1;
          if (level > edge.level) { edge.level = level; edge.tie = tie; }
          if (seen.has(tie)) continue;
          seen.add(tie);
          if (level >= 0) counts[level] += 1;
          if (state.levels.has(certainty)) count("statuses", status);
          if (!state.statuses.has(status)) continue;
          if (certainty >= 0) count("levels", certainty);
          const kinds = hasPhases(tie) ? new Set(tie.phases.map(kindOf)) : [kindOf(tie)];
          for (const kind of kinds) if (state.levels.has(hasPhases(tie) ? certaintyOf(tie, new Set([kind])) : levelThen(tie))) count("kinds", kind);
        }
      }
      edge.isVisible = edge.level >= 0;
      edge.kind = edge.tie && kindThen(edge.tie);
      if (edge.isVisible) nodes[edge.from].isVisible = nodes[edge.to].isVisible = true;
    }
    return { counts, choice };
  }

  // ---- words -----------------------------------------------------------------------------------------------------
  const regions = {};
  function countryName(code) {
    if (!code) return "";
    regions[language] ??= new Intl.DisplayNames([language], { type: "region", fallback: "code" });
    try { return regions[language].of(code) ?? code; } catch { return code; }
  }
  // EDTF in words; what is not understood stays as it is written.
  function dateWords(edtf) {
    if (!edtf) return t("unknown");
    const open = /^(?:\.\.\/(.+)|(.+)\/\.\.)$/.exec(edtf);
    if (open) return open[1] ? t("notafter", dateWords(open[1])) : t("notbefore", dateWords(open[2]));
    const yearless = /^XXXX-(\d{2})(?:-(\d{2}))?$/.exec(edtf);
    if (yearless) {
      const date = new Date(Date.UTC(2000, +yearless[1] - 1, +(yearless[2] ?? 1)));
      return t("yearless", new Intl.DateTimeFormat(language, { timeZone: "UTC", month: "long", ...(yearless[2] && { day: "numeric" }) }).format(date));
    }
    const between = /^(\[?)([^/\]]+?)(?:\/|\.\.)([^/\]]+)(\]?)$/.exec(edtf);
    if (between) return t("between", dateWords(between[2]), dateWords(between[3]));
    const found = /^(-?\d{1,4}|\d{2,3}X{1,2})(?:-(\d{2}))?(?:-(\d{2}))?([~?%]?)$/.exec(edtf);
    if (!found) return edtf;
    const [, year, month, day, mark] = found;
    let words = year;
    if (/X$/.test(year)) words = /XX$/.test(year) ? edtf : t("decade", year.replace("X", "0"));
    else if (month) {
      const date = new Date(Date.UTC(+year, +month - 1, +(day ?? 1)));
      words = new Intl.DateTimeFormat(language, { timeZone: "UTC", year: "numeric", month: "long", ...(day && { day: "numeric" }) }).format(date);
    }
    return mark === "~" ? t("about", words) : mark === "?" ? t("perhaps", words) : mark === "%" ? t("perhapsabout", words) : words;
  }
  // "Since" is followed by one date: "since by 1990" and "since between" are no words.
  const sinceWords = (edtf) => /\.\.|\/|^XXXX/.test(edtf) ? t("began", dateWords(edtf))
    : /^\d{3}X$/.test(edtf) ? t("sincedecade", edtf.replace("X", "0")) : t("since", dateWords(edtf));
  function spanWords(tie) {
    const start = tie.start ? sinceWords(tie.start) : t("nostart");
    if (tie.life[2] > tie.life[3]) return `${start}, ${t("until", dateWords(tie.end ?? tie.since))} · ${t("contradictory")}`;
    // What a reader takes for granted and is not said: it lies ahead; nobody says that it ended.
    const ahead = tie.start && tie.life[2] > model.today ? `, ${t("ahead")}` : "";
    if (tie.end) return `${start}${ahead}, ${t("until", dateWords(tie.end))}`;
    if (tie.status === "ended") return `${start}${ahead}, ${t("noend")}`;
    return start + (ahead || ((tie.status ?? "unknown") === "unknown" ? `, ${t("lasting")}` : ""));
  }
  // When a phase began, by the first and the last day that it can have.
  function beginWords([certain, lasts, possible, , isDated]) {
    if (!isDated) return t("nostart");
    const [first, last] = [possible, Math.max(possible, certain)].map((day) => new Date((day - 719163) * 864e5).toISOString().slice(0, 10));
    if (certain > lasts) return t("began", t("notbefore", dateWords(first)));
    if (first === last) return t("since", dateWords(first));
    const year = first.slice(0, 4);
    if (first === `${year}-01-01` && last === `${year}-12-31`) return t("since", year);
    return t("began", possible <= 1 ? t("notafter", dateWords(last)) : dateWords(`${first}/${last}`));
  }
  // The time of a page that knows no other.
  const timeWords = () => /^\d{4}-\d\d-\d\d$/.test(model.time) ? t("onday", dateWords(model.time)) : t("intime", model.time.replace("/", "–"));
  const levelWord = (level) => t((isTimed() ? "level" : "dated") + level);
  const pairName = (edge) => `${nodes[edge.from].name} – ${nodes[edge.to].name}`;
  const other = (edge, node) => nodes[edge.from === node.index ? edge.to : edge.from];
  // Only addresses of web pages become links: whatever else data may hold is shown as text.
  const isWeb = (url) => /^https?:\/\//i.test(url ?? "");

  // ---- building the page; all texts go in as text ----------------------------------------------------------------
  function make(name, properties = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (key in element && key !== "list") element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }
  const link = (url, text) => isWeb(url) ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : document.createTextNode(text);
  const button = (text, onclick, properties = {}) => make("button", { type: "button", onclick, ...properties }, text);

  function colours() { return new Map(model.colours[state.colour]); }
  let palette = colours();
  const colourOf = (node) =>
    node.type === "union" ? "#222222" : palette.get(String(state.colour === "country" ? node.country : node.community)) ?? GREY;
  const kindColour = (kind) => own(model.kinds, kind) ?? GREY;

  function sourceItem(claim) {
    const [source, locator, kind, status, start, end, isChecked] = claim;
    const [id, title, publisher, date, url] = model.sources[source] ?? ["", "", null, null, null];
    const says = [kind && term("kinds", kind), start && sinceWords(start), end && t("until", dateWords(end)),
                  status && status !== "unknown" && term("statuses", status)].filter(Boolean).join(", ") || t("saysnothing");
    return make("li", {},
      make("span", { className: "says" }, says), " ",
      make("span", { className: "by" }, "— ", link(url, title || id), publisher ? `, ${publisher}` : "", date ? `, ${dateWords(date)}` : "",
        locator ? ` (${locator})` : "", isChecked ? "" : ` · ${t("unchecked")}`, model.uncounted.includes(id) ? ` · ${t("uncounted")}` : ""));
  }
  function tieBlock(tie) {
    const facts = [term("kinds", kindThen(tie)), spanWords(tie)];
    if (tie.status) facts.push(term("statuses", tie.status) + (tie.since ? ` (${sinceWords(tie.since)})` : ""));
    const block = make("section", { className: "tie" }, make("p", {}, facts.join(" · ")));
    if (tie.members) {
      block.append(make("p", {}, `${tie.name ?? t("multilateral")}: ${t("members", tie.members.length)} `,
        make("span", { className: "by" }, tie.members.join(", "))));
    }
    if (tie.phases) block.append(make("p", {}, t("phases") + " " + tie.phases.map((phase, i) => term("kinds", phase.kind) + (i ? ` (${beginWords(phase.life)})` : "")).join(" → ")));
    if (tie.claims.length) {
      block.append(make("h4", {}, t("claims")), make("ul", {}, ...tie.claims.map(sourceItem)));
    } else block.append(make("p", { className: "by" }, t("noclaims")));
    if (isWeb(tie.iri)) block.append(make("p", { className: "by" }, link(tie.iri, tie.iri)));
    return block;
  }
  function showDetails() {
    const panel = byId("details");
    panel.replaceChildren();
    const chosen = state.chosen;
    if (!chosen) {
      panel.append(make("p", { className: "by" }, t("hint")));
      return;
    }
    panel.append(button("×", () => choose(null), { className: "close", title: t("close"), "aria-label": t("close") }));
    if (chosen.edge) {
      panel.append(make("h2", {}, button(nodes[chosen.edge.from].name, () => choose({ node: nodes[chosen.edge.from] }), { className: "name" }),
        " – ", button(nodes[chosen.edge.to].name, () => choose({ node: nodes[chosen.edge.to] }), { className: "name" })));
      for (const tie of chosen.edge.ties) panel.append(tieBlock(tie));
      return;
    }
    const node = chosen.node;
    panel.append(make("h2", {}, node.name), make("p", { className: "by" }, countryName(node.country)));
    if (isWeb(node.iri)) panel.append(make("p", { className: "by" }, link(node.iri, node.iri)));
    const shown = node.edges.filter((edge) => edge.isVisible);
    shown.sort((a, b) => other(a, node).name.localeCompare(other(b, node).name, language));
    panel.append(make("h3", {}, t("partners", shown.length)));
    const hidden = node.edges.length - shown.length;
    if (hidden) panel.append(make("p", { className: "by" }, t("hidden", hidden)));
    panel.append(make("ul", { className: "partners" }, ...shown.map((edge) => {
      const partner = other(edge, node);
      return make("li", {}, button(partner.name, () => choose({ node: partner }), { className: "name" }),
        make("span", { className: "by" }, ` ${countryName(partner.country)} · `),
        button(`${term("kinds", edge.kind)}, ${spanWords(edge.tie)}`, () => choose({ edge }), { className: "name by" }));
    })));
  }

  // ---- the table, for those who don't see the picture ------------------------------------------------------------
  const ROWS = 200;
  let rows = ROWS;
  function showTable() {
    const box = byId("table");
    if (box.hidden) return;
    const shown = edges.filter((edge) => edge.isVisible);
    shown.sort((a, b) => nodes[a.from].name.localeCompare(nodes[b.from].name, language) || nodes[a.to].name.localeCompare(nodes[b.to].name, language));
    const head = ["town", "partner", "kind", "status", "start", "end", isTimed() ? "certainty" : "dating", "sources"];
    // A pair may have several ties.
    const found = shown.flatMap((edge) => edge.ties.map((tie) => ({ edge, tie, level: levelOf(tie) }))).filter((row) => row.level >= 0);
    const body = found.slice(0, rows).map(({ edge, tie, level }) => make("tr", {},
      make("th", { scope: "row" }, button(nodes[edge.from].name, () => choose({ node: nodes[edge.from] }), { className: "name" })),
      make("td", {}, button(nodes[edge.to].name, () => choose({ node: nodes[edge.to] }), { className: "name" })),
      make("td", {}, button(term("kinds", kindThen(tie)), () => choose({ edge }), { className: "name" })),
      make("td", {}, term("statuses", tie.status ?? "unknown")),
      make("td", {}, tie.start ?? ""), make("td", {}, tie.end ?? ""),
      make("td", {}, levelWord(level)),
      make("td", {}, String(new Set(tie.claims.map((claim) => claim[0])).size || ""))));
    box.replaceChildren(make("table", {}, make("caption", {}, t("tablecaption", shown.length, new Set(found.map((row) => row.tie)).size)),
      make("thead", {}, make("tr", {}, ...head.map((key) => make("th", { scope: "col" }, t(key))))), make("tbody", {}, ...body)));
    if (found.length > rows) box.append(button(t("more", found.length - rows), () => { rows += 5 * ROWS; showTable(); }));
  }

  // ---- labels: the places with most partners first, none over another ---------------------------------------------
  // So many places are named even where the picture is dense: their names may lie over markers.
  const FOREMOST = 12;
  const canvas = byId("labels");
  let waiting = false;
  function drawLabels() {
    waiting = false;
    const width = canvas.clientWidth, height = canvas.clientHeight, ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const cell = 40, written = new Map(), markers = new Map(), greater = new Map();
    const cells = (box, visit) => {
      for (let x = Math.floor(box[0] / cell); x <= Math.floor(box[2] / cell); x++)
        for (let y = Math.floor(box[1] / cell); y <= Math.floor(box[3] / cell); y++) if (visit(`${x},${y}`)) return true;
      return false;
    };
    const isFree = (box, taken) => !cells(box, (key) => (taken.get(key) ?? []).some((o) => o[0] < box[2] && box[0] < o[2] && o[1] < box[3] && box[1] < o[3]));
    const take = (box, taken) => { cells(box, (key) => { if (!taken.has(key)) taken.set(key, []); taken.get(key).push(box); return false; }); };
    const inside = [];
    const first = new Set();
    if (state.chosen?.node) { first.add(state.chosen.node); for (const e of state.chosen.node.edges) if (e.isVisible) first.add(other(e, state.chosen.node)); }
    if (state.chosen?.edge) { first.add(nodes[state.chosen.edge.from]); first.add(nodes[state.chosen.edge.to]); }
    if (renderer.hovered) first.add(renderer.hovered);
    const order = first.size ? [...first, ...ranked.filter((node) => !first.has(node))] : ranked;
    for (const node of order) {
      if (!node.isVisible) continue;
      const at = renderer.locate(node);
      if (!at || at.x < 0 || at.y < 0 || at.x > width || at.y > height) continue;
      inside.push([node, at]);
      if (inside.length >= 1500) break;
    }
    const foremost = FOREMOST + first.size;
    inside.slice(0, 400).forEach(([, at], i) => {
      const box = [at.x - at.r, at.y - at.r, at.x + at.r, at.y + at.r];
      if (at.r > 3) take(box, markers);
      if (i < foremost) take(box, greater);
    });
    let drawn = 0;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    const labels = [];
    for (const [i, [node, at]] of inside.entries()) {
      if (drawn >= 300) break;
      const strong = first.has(node);
      pen.font = `${strong ? "600 13px" : "12px"} system-ui, "Noto Sans", "DejaVu Sans", sans-serif`;
      const w = pen.measureText(node.name).width, h = 15, gap = at.r + 3;
      const spots = [[at.x + gap, at.y], [at.x - gap - w, at.y], [at.x - w / 2, at.y - gap - h / 2], [at.x - w / 2, at.y + gap + h / 2]];
      const free = spots.map(([x, y]) => [[x, y], [x, y - h / 2, x + w, y + h / 2]])
        .filter(([, box]) => box[0] >= 0 && box[2] <= width && box[1] >= 0 && box[3] <= height && isFree(box, written));
      const clear = (taken) => free.find(([, box]) => isFree(box, taken))?.[0];
      const spot = clear(markers) ?? (i < foremost ? clear(greater) ?? free[0]?.[0] : undefined)
        ?? (node === renderer.hovered || node === state.chosen?.node ? spots[0] : null);
      if (!spot) continue;
      take([spot[0] - 2, spot[1] - h / 2 - 1, spot[0] + w + 2, spot[1] + h / 2 + 1], written);
      labels.push([node.name, spot[0], spot[1], w, h]);
      pen.strokeStyle = "rgba(255,255,255,.9)";
      pen.lineWidth = 3;
      pen.strokeText(node.name, spot[0], spot[1]);
      pen.fillStyle = "#1a1a1a";
      pen.fillText(node.name, spot[0], spot[1]);
      drawn += 1;
    }
    window.twingraph.labels = labels;
  }
  function labelsSoon() {
    if (!waiting) { waiting = true; requestAnimationFrame(drawLabels); }
  }

  // ---- choosing and refreshing -----------------------------------------------------------------------------------
  function choose(chosen, move = true) {
    state.chosen = chosen;
    showDetails();
    renderer.choose(chosen);
    // A town is shown with its partners, a tie with both ends.
    const shown = chosen?.node ? chosen.node.edges.filter((edge) => edge.isVisible) : chosen ? [chosen.edge] : [];
    if (chosen && move) renderer.focus([...new Set([...(chosen.node ? [chosen.node] : []), ...shown.flatMap((edge) => [nodes[edge.from], nodes[edge.to]])])]);
    const hash = chosen ? (chosen.node ? `#${encodeURIComponent(chosen.node.key)}` : `#${encodeURIComponent(chosen.edge.ties[0].key)}`) : " ";
    try { history.replaceState(null, "", hash === " " ? location.pathname + location.search : hash); } catch { /* a page without an address */ }
    labelsSoon();
  }
  function refresh() {
    const { counts: [undated, possible, certain], choice } = filter();
    rows = ROWS;
    renderer.update();
    const towns = nodes.filter((node) => node.isVisible && node.type !== "union").length;
    byId("count").textContent = model.time !== null
      ? t("countthen", timeWords(), certain, possible, undated, towns)
      : state.year === null ? t("countall", certain + possible + undated, towns, undated)
      : t("countyear", state.year, certain, possible, undated);
    for (const [scheme, found] of Object.entries(choice)) {
      for (const input of byId(scheme).querySelectorAll("input")) {
        input.parentElement.querySelector(".by").textContent = String(found.get(scheme === "levels" ? +input.value : input.value) ?? 0);
      }
    }
    showDetails();
    showTable();
    labelsSoon();
  }

  // ---- controls --------------------------------------------------------------------------------------------------
  function counted(values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }
  function checks(box, scheme, counts, set, swatch) {
    box.replaceChildren(make("legend", {}, t(scheme)), ...[...counts].map(([value, count]) => make("label", {},
      make("input", { type: "checkbox", checked: set.has(value), value, onchange: (event) => {
        event.target.checked ? set.add(value) : set.delete(value);
        refresh();
      } }), swatch?.(value) ?? null, ` ${scheme === "levels" ? levelWord(value) : term(scheme, value)} `, make("span", { className: "by" }, String(count)))));
  }
  const line = (colour, style, opacity = 1) => {
    const mark = make("i", { className: "line" });
    mark.style.borderTop = `3px ${style} ${colour}`;
    mark.style.opacity = opacity;
    return mark;
  };
  const kindCounts = counted(ties.map((tie) => tie.kind ?? "unknown"));
  for (const tie of ties) for (const phase of tie.phases ?? []) if (!kindCounts.has(phase.kind)) kindCounts.set(phase.kind, 0);
  const statusCounts = counted(ties.map((tie) => tie.status ?? "unknown"));
  const levelCounts = new Map([CERTAIN, POSSIBLE, UNDATED].map((level) => [level, ties.filter((tie) => tie.level === level).length]));
  for (const key of kindCounts.keys()) if (!model.chosen.length || model.chosen.includes(key)) state.kinds.add(key);
  for (const key of statusCounts.keys()) state.statuses.add(key);
  for (const key of levelCounts.keys()) state.levels.add(key);
  const countryCounts = counted(nodes.filter((node) => node.country).map((node) => node.country));

  function legend() {
    palette = colours();
    const label = (key) => state.colour === "country" ? countryName(key) : t("community", +key + 1);
    const items = model.colours[state.colour].map(([key, colour]) => {
      const dot = make("i", { className: "dot" });
      dot.style.background = colour;
      return make("li", {}, dot, label(key));
    });
    const rest = make("i", { className: "dot" });
    rest.style.background = GREY;
    byId("legend").replaceChildren(...items, make("li", {}, rest, t("others")));
  }
  function build() {
    document.documentElement.lang = language;
    document.title = t(`title_${model.kind}`);
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
    for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
    byId("search").placeholder = t("search");
    byId("fixed").textContent = model.time === null ? "" : t("fixed", timeWords());
    byId("language").textContent = language === "de" ? "English" : "Deutsch";
    byId("language").lang = language === "de" ? "en" : "de";
    checks(byId("kinds"), "kinds", kindCounts, state.kinds, (kind) => line(kindColour(kind), "solid"));
    checks(byId("statuses"), "statuses", statusCounts, state.statuses, (status) => line("#555", "solid", status === "ended" ? 0.5 : 1));
    // Without a time nobody asks how sure it is that a tie was in force, only whether its start is known.
    const shades = renderer.isPlain ? ["#ccc", "#aaa", "#555"] : ["#555", "#555", "#555"];
    checks(byId("levels"), "levels", new Map([...levelCounts].filter(([level]) => isTimed() || level !== POSSIBLE)), state.levels,
      (level) => line(shades[level], renderer.isPlain ? "solid" : ["dotted", "dashed", "solid"][level]));
    byId("levels").querySelector("legend").textContent = t(isTimed() ? "levels" : "start");
    const list = [...countryCounts].map(([code, count]) => [countryName(code), code, count]).sort((a, b) => a[0].localeCompare(b[0], language));
    byId("country").replaceChildren(make("option", { value: "" }, t("allcountries")),
      ...list.map(([name, code, count]) => make("option", { value: code, selected: code === state.country }, `${name} (${count})`)));
    byId("colour").replaceChildren(...["country", "community"].map((value) => make("option", { value, selected: value === state.colour }, t("by" + value))));
    const missing = byId("missing");
    missing.hidden = !model.missing.length;
    missing.replaceChildren(make("summary", {}, t("missing", model.missing.length)), make("p", {}, t("undrawn", edges.filter((edge) => edge.path && !edge.path.length).length)),
      // Letters of one name may be written from right to left, or say so.
      make("p", {}, ...model.missing.flatMap((name, i) => [i ? ", " : "", make("bdi", {}, name)])));
    const about = model.about[language];
    byId("about").replaceChildren(make("p", {}, `${t("selection")}: ${about.selection}. ${t("datafrom")}: ${about.data}. twingraph ${about.twingraph}, ${about.exported}.`),
      make("h3", {}, t("sourcelist", model.sources.length)),
      make("ul", {}, ...model.sources.map(([id, title, publisher, date, url]) => make("li", {}, link(url, title || id), publisher ? `, ${publisher}` : "", date ? `, ${dateWords(date)}` : "",
        model.uncounted.includes(id) ? ` · ${t("uncounted")}` : ""))));
    legend();
  }

  // Search: as one types, the places whose names begin with or contain it.
  // As `twingraph.names.search_key` does: no case, accents, apostrophes or punctuation.
  const LETTERS = { ß: "ss", ı: "i", ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ħ: "h", ŧ: "t" };
  const plain = (text) => text.replace(/['’‘ʼʻ`´′ʹʺ״׳]/g, "").normalize("NFKD").toLowerCase().replace(/[ßıłøđðþæœħŧ]/g, (letter) => LETTERS[letter])
    .replace(/[\p{M}\u00ad]/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  // Umlauts are also typed as two letters.
  const UMLAUTS = { ä: "ae", ö: "oe", ü: "ue" };
  const spelled = (text) => text.normalize("NFC").toLowerCase().replace(/[äöü]/g, (letter) => UMLAUTS[letter]);
  const names = nodes.map((node) => [...new Set([plain(node.name), plain(spelled(node.name))])]);
  let hits = [], active = -1;
  function find() {
    const wanted = plain(byId("search").value.trim());
    const box = byId("hits");
    hits = [];
    active = -1;
    if (wanted) {
      const begins = ranked.filter((node) => names[node.index].some((name) => name.startsWith(wanted)));
      const first = new Set(begins);
      const holds = ranked.filter((node) => !first.has(node) && names[node.index].some((name) => name.includes(wanted)));
      hits = [...begins, ...holds].slice(0, 12);
    }
    box.hidden = !wanted;
    byId("search").setAttribute("aria-expanded", String(!box.hidden));
    box.replaceChildren(...hits.map((node, i) => make("li", { role: "option", id: `hit${i}`, onmousedown: (event) => { event.preventDefault(); pick(i); } },
      make("bdi", {}, node.name), make("span", { className: "by" }, ` ${countryName(node.country)}`))));
    if (wanted && !hits.length) box.append(make("li", { className: "by" }, t("nothing")));
  }
  function pick(i) {
    if (!hits[i]) return;
    byId("hits").hidden = true;
    byId("search").setAttribute("aria-expanded", "false");
    byId("search").value = hits[i].name;
    choose({ node: hits[i] });
    byId("stage").focus();
  }
  byId("search").addEventListener("input", find);
  byId("search").addEventListener("blur", () => { byId("hits").hidden = true; });
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") pick(Math.max(active, 0));
    else if (event.key === "Escape") { byId("search").value = ""; find(); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && hits.length) {
      active = (active + (event.key === "ArrowDown" ? 1 : hits.length - 1) + (active < 0 && event.key === "ArrowUp" ? 1 : 0)) % hits.length;
      [...byId("hits").children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
      byId("search").setAttribute("aria-activedescendant", `hit${active}`);
      event.preventDefault();
    }
  });

  // Time: all ties, or those in force at the end of a year.
  const slider = byId("year");
  slider.min = model.years[0];
  slider.max = model.years[1];
  slider.value = model.years[1];
  let timer = null;
  function setYear(year) {
    const wasTimed = state.year !== null;
    state.year = year;
    state.day = year === null ? null : endOf(year);
    byId("timed").checked = year !== null;
    if (year !== null) slider.value = year;
    byId("yeartext").textContent = year === null ? "" : String(year);
    slider.setAttribute("aria-valuetext", year === null ? t("alltime") : String(year));
    if (wasTimed !== (year !== null)) build();
    refresh();
  }
  function stop() { clearInterval(timer); timer = null; byId("play").textContent = "▶"; byId("play").setAttribute("aria-pressed", "false"); }
  slider.addEventListener("input", () => { stop(); setYear(+slider.value); });
  byId("timed").addEventListener("change", (event) => { stop(); setYear(event.target.checked ? +slider.value : null); });
  byId("play").addEventListener("click", () => {
    if (timer) { stop(); return; }
    byId("play").textContent = "❚❚";
    byId("play").setAttribute("aria-pressed", "true");
    const begin = state.year === null || state.year >= model.years[1] ? model.years[0] : state.year;
    setYear(begin);
    timer = setInterval(() => { if (state.year >= model.years[1]) stop(); else setYear(state.year + 1); }, Math.max(180, edges.length / 40));
  });
  byId("country").addEventListener("change", (event) => { state.country = event.target.value; refresh(); });
  byId("colour").addEventListener("change", (event) => { state.colour = event.target.value; legend(); renderer.update(); labelsSoon(); });
  byId("language").addEventListener("click", () => { language = language === "de" ? "en" : "de"; build(); setYear(state.year); });
  byId("astable").addEventListener("click", () => {
    const box = byId("table");
    box.hidden = !box.hidden;
    byId("astable").setAttribute("aria-pressed", String(!box.hidden));
    showTable();
  });
  byId("zoomin").addEventListener("click", () => renderer.zoom(1.4));
  byId("zoomout").addEventListener("click", () => renderer.zoom(1 / 1.4));
  byId("fit").addEventListener("click", () => renderer.fit());
  const stage = byId("stage");
  stage.addEventListener("keydown", (event) => {
    if (event.target !== stage) return;
    const step = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] }[event.key];
    if (step) renderer.pan(...step);
    else if (event.key === "+") renderer.zoom(1.4);
    else if (event.key === "-") renderer.zoom(1 / 1.4);
    else if (event.key === "0") renderer.fit();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !["INPUT", "SELECT"].includes(document.activeElement?.tagName)) { byId("search").focus(); event.preventDefault(); }
    if (event.key === "Escape" && document.activeElement !== byId("search")) choose(null);
  });

  filter();
  let renderer;
  try {
    renderer = window.createRenderer({
      box: byId("picture"), nodes, edges, model, colour: colourOf, kindColour,
      onView: labelsSoon, onNode: (node) => choose({ node }, false), onEdge: (edge) => choose({ edge }, false), onEmpty: () => choose(null),
    });
  } catch (error) {
    // A browser without WebGL: search, filters, details and the table tell all that the picture would.
    console.warn(error);
    const nothing = () => {};
    renderer = { hovered: null, update: nothing, choose: nothing, focus: nothing, zoom: nothing, pan: nothing, fit: nothing, locate: () => null };
    byId("picture").replaceChildren(make("p", { className: "nopicture", role: "alert" }, ""));
    byId("picture").firstChild.dataset.text = "nopicture";
    byId("table").hidden = false;
    byId("astable").setAttribute("aria-pressed", "true");
  }
  if (model.time !== null) {
    document.querySelector(".time").hidden = true;
    byId("fixed").hidden = false;
  }
  window.twingraph = { model, nodes, edges, state, renderer, labels: [], choose, setYear };
  window.addEventListener("resize", () => { renderer.resize?.(); labelsSoon(); });
  build();
  setYear(null);
  let wanted = location.hash.slice(1);
  try { wanted = decodeURIComponent(wanted); } catch { /* no address that this page wrote */ }
  if (wanted) {
    const node = nodes.find((one) => one.key === wanted), edge = node ? null : edges.find((one) => one.ties.some((tie) => tie.key === wanted));
    if (node) choose({ node });
    else if (edge) choose({ edge });
  }
  requestAnimationFrame(() => requestAnimationFrame(() => {
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  }));
})();
