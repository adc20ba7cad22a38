"use strict";
// Large networks: sigma draws with WebGL. It knows no dashed lines; ties that are not certain are lighter.
window.createRenderer = ({ box, nodes, edges, colour, kindColour, onView, onNode, onEdge, onEmpty }) => {
  const graph = new graphology.UndirectedGraph();
  const size = (node) => 1.2 + 0.55 * Math.sqrt(node.degree);
  for (const node of nodes) graph.addNode(node.index, { x: node.x, y: -node.y, size: size(node), color: colour(node) });
  for (const edge of edges) graph.addEdgeWithKey(edge.index, edge.from, edge.to, { size: 0.6, color: "#999999" });
  const light = (hex, share) => "#" + [1, 3, 5].map((i) => Math.round(255 - (255 - parseInt(hex.slice(i, i + 2), 16)) * share).toString(16).padStart(2, "0")).join("");
  // Among many lines towns are seen only where the lines are lighter than they.
  const MANY = 3000;
  let chosen = null, near = new Set(), isNew = true;
  const sigma = new Sigma(graph, box, {
    // Lines of one pixel are drawn several times as fast as broad ones, without a graphics card above all.
    defaultEdgeType: "line", edgeProgramClasses: { line: Sigma.rendering.EdgeLineProgram, broad: Sigma.rendering.EdgeRectangleProgram },
    renderLabels: false, hideEdgesOnMove: edges.length > 60000, defaultDrawNodeHover: () => {}, zIndex: true,
    minCameraRatio: 0.002, maxCameraRatio: 3,
    nodeReducer: (key, values) => {
      const node = nodes[key];
      if (!node.isVisible) return { ...values, hidden: true };
      const isNear = near.has(node.index);
      return { ...values, color: chosen && !isNear ? "#dddddd" : colour(node), size: chosen && isNear ? values.size + 2 : values.size, zIndex: isNear ? 1 : 0 };
    },
    edgeReducer: (key, values) => {
      const edge = edges[key];
      if (!edge.isVisible) return { ...values, hidden: true };
      const isNear = chosen && (chosen.edge === edge || (chosen.node && (edge.from === chosen.node.index || edge.to === chosen.node.index)));
      if (chosen && !isNear) return { ...values, color: "#eeeeee", zIndex: 0 };
      const share = (edges.length > MANY ? 0.6 : 1) * (edge.level === 2 ? 0.6 : edge.level === 1 ? 0.4 : 0.25) * (edge.tie?.status === "ended" ? 0.6 : 1);
      return { ...values, color: isNear ? kindColour(edge.kind) : light(kindColour(edge.kind), share), type: isNear ? "broad" : "line", size: isNear ? 2 : values.size, zIndex: isNear ? 1 : 0 };
    },
  });
  const camera = sigma.getCamera();
  const WHOLE = { x: 0.5, y: 0.5, ratio: 1, angle: 0 };
  // At least about so many places are in view around what is looked for.
  const NEIGHBOURHOOD = 100;
  const self = {
    hovered: null,
    isPlain: true,
    update() {
      // What was just built shows all as it is.
      if (isNew) isNew = false;
      else self.choose(chosen);
    },
    choose(next) {
      chosen = next;
      near = new Set(!next ? [] : next.edge ? [next.edge.from, next.edge.to] : [next.node.index, ...next.node.edges.filter((e) => e.isVisible).flatMap((e) => [e.from, e.to])]);
      sigma.scheduleRefresh();
    },
    focus(places) {
      // Between a change and the next frame sigma's own positions of nodes and of the camera don't fit each other.
      const whole = { cameraState: WHOLE };
      const at = places.map((node) => sigma.graphToViewport({ x: node.x, y: -node.y }, whole));
      const xs = at.map((p) => p.x), ys = at.map((p) => p.y);
      const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      const middle = sigma.viewportToFramedGraph({ x: (x0 + x1) / 2, y: (y0 + y1) / 2 }, whole);
      const least = Math.min(1, Math.sqrt(NEIGHBOURHOOD / nodes.length));
      camera.setState({ ...WHOLE, x: middle.x, y: middle.y, ratio: Math.max(least, (x1 - x0) / box.clientWidth / 0.86, (y1 - y0) / box.clientHeight / 0.86) });
    },
    locate(node) {
      const at = sigma.graphToViewport({ x: node.x, y: -node.y });
      return { x: at.x, y: at.y, r: sigma.scaleSize(size(node)) };
    },
    zoom(factor) { const s = camera.getState(); camera.setState({ ...s, ratio: s.ratio / factor }); },
    pan(x, y) {
      const from = sigma.viewportToFramedGraph({ x: 0, y: 0 }), to = sigma.viewportToFramedGraph({ x, y }), s = camera.getState();
      camera.setState({ ...s, x: s.x + to.x - from.x, y: s.y + to.y - from.y });
    },
    fit() { camera.setState(WHOLE); },
    resize() { sigma.resize(); sigma.scheduleRefresh(); },
  };
  // sigma tells what was hit only to the pixel, and a line only by drawing all of them again; the nearest is meant.
  function onClick({ event }) {
    const spots = nodes.map((node) => node.isVisible ? self.locate(node) : null);
    let town = null, away = Infinity;
    for (const node of nodes) {
      const at = spots[node.index], d = at ? Math.hypot(at.x - event.x, at.y - event.y) : Infinity;
      if (d < away && d < at.r + 4) { town = node; away = d; }
    }
    if (town) { onNode(town); return; }
    let best = null, distance = 6;
    for (const edge of edges) {
      if (!edge.isVisible) continue;
      const a = spots[edge.from], bx = spots[edge.to].x - a.x, by = spots[edge.to].y - a.y;
      const share = Math.max(0, Math.min(1, ((event.x - a.x) * bx + (event.y - a.y) * by) / (bx * bx + by * by || 1)));
      const d = Math.hypot(a.x + share * bx - event.x, a.y + share * by - event.y);
      if (d < distance) { distance = d; best = edge; }
    }
    if (best) onEdge(best); else onEmpty();
  }
  // What WebGL drew is gone once it was shown, and paper would stay white: it gets a copy.
  const paper = document.createElement("canvas");
  window.addEventListener("beforeprint", () => {
    sigma.refresh();
    const layers = [...box.querySelectorAll("canvas")];
    paper.width = layers[0].width;
    paper.height = layers[0].height;
    for (const layer of layers) paper.getContext("2d").drawImage(layer, 0, 0);
    box.append(paper);
  });
  window.addEventListener("afterprint", () => paper.remove());
  sigma.on("clickNode", onClick);
  sigma.on("clickStage", onClick);
  sigma.on("enterNode", ({ node }) => { self.hovered = nodes[node]; onView(); });
  sigma.on("leaveNode", () => { self.hovered = null; onView(); });
  sigma.on("afterRender", onView);
  return self;
};
