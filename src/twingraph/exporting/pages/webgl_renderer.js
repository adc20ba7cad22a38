"use strict";
// Large networks: sigma draws with WebGL. It knows no dashed lines; ties that are not certain are lighter.
window.createRenderer = ({ box, nodes, edges, colour, kindColour, onView, onNode, onEdge, onEmpty }) => {
  const graph = new graphology.UndirectedGraph();
  const size = (node) => 1.2 + 0.55 * Math.sqrt(node.degree);
  for (const node of nodes) graph.addNode(node.index, { x: node.x, y: -node.y, size: size(node), color: colour(node) });
  for (const edge of edges) graph.addEdgeWithKey(edge.index, edge.from, edge.to, { size: 0.6, color: "#999999" });
  const light = (hex, share) => "#" + [1, 3, 5].map((i) => Math.round(255 - (255 - parseInt(hex.slice(i, i + 2), 16)) * share).toString(16).padStart(2, "0")).join("");
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
      const share = (edge.level === 2 ? 0.6 : edge.level === 1 ? 0.4 : 0.25) * (edge.tie?.status === "ended" ? 0.6 : 1);
      return { ...values, color: isNear ? kindColour(edge.tie?.kind) : light(kindColour(edge.tie?.kind), share), type: isNear ? "broad" : "line", size: isNear ? 2 : values.size, zIndex: isNear ? 1 : 0 };
    },
  });
  const camera = sigma.getCamera();
  const self = {
    hovered: null,
    isPlain: true,
    update() {
      // What was just built shows all as it is.
      if (isNew) isNew = false;
      else sigma.scheduleRefresh();
    },
    choose(next) {
      chosen = next;
      near = new Set(!next ? [] : next.edge ? [next.edge.from, next.edge.to] : [next.node.index, ...next.node.edges.filter((e) => e.isVisible).flatMap((e) => [e.from, e.to])]);
      sigma.scheduleRefresh();
    },
    focus(places) {
      const at = places.map((node) => sigma.getNodeDisplayData(node.index));
      camera.setState({ x: at.reduce((s, n) => s + n.x, 0) / at.length, y: at.reduce((s, n) => s + n.y, 0) / at.length, ratio: Math.min(camera.getState().ratio, 0.15) });
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
    fit() { camera.setState({ x: 0.5, y: 0.5, ratio: 1, angle: 0 }); },
    resize() { sigma.resize(); sigma.scheduleRefresh(); },
  };
  sigma.on("clickNode", ({ node }) => onNode(nodes[node]));
  // sigma can tell which line was hit only by drawing all of them again, and only to the pixel; the nearest is meant.
  sigma.on("clickStage", ({ event }) => {
    const spots = nodes.map((node) => node.isVisible ? sigma.graphToViewport({ x: node.x, y: -node.y }) : null);
    let best = null, distance = 6;
    for (const edge of edges) {
      if (!edge.isVisible) continue;
      const a = spots[edge.from], bx = spots[edge.to].x - a.x, by = spots[edge.to].y - a.y;
      const share = Math.max(0, Math.min(1, ((event.x - a.x) * bx + (event.y - a.y) * by) / (bx * bx + by * by || 1)));
      const d = Math.hypot(a.x + share * bx - event.x, a.y + share * by - event.y);
      if (d < distance) { distance = d; best = edge; }
    }
    if (best) onEdge(best); else onEmpty();
  });
  sigma.on("enterNode", ({ node }) => { self.hovered = nodes[node]; onView(); });
  sigma.on("leaveNode", () => { self.hovered = null; onView(); });
  sigma.on("afterRender", onView);
  return self;
};
