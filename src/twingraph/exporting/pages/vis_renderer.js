"use strict";
// Small networks: vis-network draws what pyvis described.
window.createRenderer = ({ box, nodes, edges, model, colour, kindColour, onView, onNode, onEdge, onEmpty }) => {
  // vis-network draws dashes with round ends: one of almost no length is a dot, as broad as the line.
  const dashes = [(width) => [0.1, 2.5 * width], (width) => [5 * width, 3 * width], () => false];
  const described = model.vis;
  const size = (node) => described.nodes[node.index].size;
  const points = new vis.DataSet(described.nodes);
  const lines = new vis.DataSet(described.edges);
  const network = new vis.Network(box, { nodes: points, edges: lines }, described.options);
  let chosen = null;
  const faded = (node) => {
    if (!chosen) return false;
    if (chosen.node) return node !== chosen.node && !chosen.node.edges.some((e) => e.isVisible && (e.from === node.index || e.to === node.index));
    return node.index !== chosen.edge.from && node.index !== chosen.edge.to;
  };
  const isChosen = (edge) => chosen && (chosen.edge === edge || (chosen.node && (edge.from === chosen.node.index || edge.to === chosen.node.index)));
  const told = new Map();
  const changed = (sort, items) => items.filter((item) => {
    const text = JSON.stringify(item), key = sort + item.id;
    if (told.get(key) === text) return false;
    told.set(key, text);
    return true;
  });
  const self = {
    hovered: null,
    // vis-network works on each item it is given, so it gets only those that changed.
    update() {
      points.update(changed("n", nodes.map((node) => ({ id: node.index, hidden: !node.isVisible, color: { background: colour(node), border: "#ffffff", highlight: { background: colour(node), border: "#000000" }, hover: { background: colour(node), border: "#000000" } }, opacity: faded(node) ? 0.25 : 1 }))));
      const width = (edge) => (edge.level === 2 ? 2 : 1.4) + (isChosen(edge) ? 2 : 0);
      lines.update(changed("e", edges.map((edge) => ({ id: edge.index, hidden: !edge.isVisible, width: width(edge), dashes: dashes[Math.max(edge.level, 0)](width(edge)),
        color: { color: kindColour(edge.kind), highlight: "#000000", hover: "#000000", opacity: (chosen && !isChosen(edge) ? 0.15 : 0.85) * (edge.tie?.status === "ended" ? 0.5 : 1) } }))));
    },
    choose(next) { chosen = next; self.update(); },
    focus(places) { network.fit({ nodes: places.map((node) => node.index), animation: false, maxZoomLevel: Math.max(network.getScale(), 0.8) }); onView(); },
    locate(node) {
      const scale = network.getScale(), middle = network.getViewPosition();
      return { x: (node.x - middle.x) * scale + box.clientWidth / 2, y: (node.y - middle.y) * scale + box.clientHeight / 2, r: size(node) * scale };
    },
    zoom(factor) { network.moveTo({ scale: network.getScale() * factor }); onView(); },
    pan(x, y) { const at = network.getViewPosition(), scale = network.getScale(); network.moveTo({ position: { x: at.x + x / scale, y: at.y + y / scale } }); onView(); },
    fit() { network.fit({ animation: false, maxZoomLevel: 2 }); network.moveTo({ scale: network.getScale() * 0.94 }); onView(); },
  };
  network.on("click", (event) => {
    if (event.nodes.length) onNode(nodes[event.nodes[0]]);
    else if (event.edges.length) onEdge(edges[event.edges[0]]);
    else onEmpty();
  });
  network.on("hoverNode", (event) => { self.hovered = nodes[event.node]; onView(); });
  network.on("blurNode", () => { self.hovered = null; onView(); });
  network.on("afterDrawing", onView);
  self.fit();
  return self;
};
