"use strict";
// A map on a canvas: outlines, ties as great circles and places come projected; here they are only moved and scaled.
window.createRenderer = ({ box, nodes, edges, model, colour, kindColour, onView, onNode, onEdge, onEmpty }) => {
  const canvas = document.createElement("canvas");
  box.append(canvas);
  const pen = canvas.getContext("2d");
  const land = new Path2D();
  for (const ring of model.map.outlines) {
    let x = ring[0], y = ring[1];
    land.moveTo(x, y);
    for (let i = 2; i < ring.length; i += 2) { x += ring[i]; y += ring[i + 1]; land.lineTo(x, y); }
    land.closePath();
  }
  for (const edge of edges) {
    edge.lines = (edge.path ?? []).map((line) => {
      const points = [line[0], line[1]];
      for (let i = 2; i < line.length; i += 2) points.push(points[i - 2] + line[i], points[i - 1] + line[i + 1]);
      return points;
    });
  }
  // Great circles reach beyond the places that they tie.
  const [x0, y0, x1, y1] = model.map.extent;
  const corners = [[x0, y0], [x1, y1]];
  for (const edge of edges) {
    for (const line of edge.lines) {
      for (let i = 0; i < line.length; i += 2) {
        for (const axis of [0, 1]) {
          corners[0][axis] = Math.min(corners[0][axis], line[i + axis]);
          corners[1][axis] = Math.max(corners[1][axis], line[i + axis]);
        }
      }
    }
  }
  const trace = (path, line) => { path.moveTo(line[0], line[1]); for (let i = 2; i < line.length; i += 2) path.lineTo(line[i], line[i + 1]); };
  // isWhole: all is shown, and stays so when the window changes.
  const view = { x: 0, y: 0, scale: 1, isWhole: false };
  let groups = [], chosen = null, strong = [], waiting = false;
  const PART = 20, MANY = 3000;
  const dashes = [[2, 5], [8, 5], []];
  const small = Math.min(1, 5 / nodes.length ** 0.25);
  const size = (node) => Math.min(9, 2.2 + 0.7 * Math.sqrt(node.degree)) * small * Math.min(1.6, Math.max(0.6, Math.sqrt(view.scale / view.first)));
  function group() {
    const found = new Map();
    for (const edge of edges) {
      if (!edge.isVisible) continue;
      const key = `${edge.level} ${edge.kind} ${edge.tie.status === "ended"}`;
      if (!found.has(key)) found.set(key, { level: edge.level, colour: kindColour(edge.kind), isOver: edge.tie.status === "ended", paths: [], count: 0 });
      const one = found.get(key);
      // Many short paths are drawn far faster than a long one, in which each crossing is looked at.
      if (one.count++ % PART === 0) one.paths.push(new Path2D());
      for (const line of edge.lines) trace(one.paths[one.paths.length - 1], line);
    }
    groups = [...found.values()].sort((a, b) => a.level - b.level);
  }
  function mark() {
    const near = !chosen ? [] : chosen.edge ? [chosen.edge] : chosen.node.edges.filter((edge) => edge.isVisible);
    strong = near.map((edge) => {
      const path = new Path2D();
      for (const line of edge.lines) trace(path, line);
      return { path, colour: kindColour(edge.kind), level: edge.level, isOver: edge.tie.status === "ended" };
    });
  }
  function draw() {
    waiting = false;
    const ratio = window.devicePixelRatio || 1, width = box.clientWidth, height = box.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#eef3f7";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * (width / 2 - view.x * view.scale), ratio * (height / 2 - view.y * view.scale));
    pen.fillStyle = "#fbfaf6";
    pen.fill(land, "evenodd");
    pen.strokeStyle = "#c9c5ba";
    pen.lineWidth = 0.7 / view.scale;
    pen.setLineDash([]);
    pen.stroke(land);
    const many = Math.min(1, 12 / Math.sqrt(Math.max(1, edges.length)) + 0.12);
    for (const one of groups) {
      pen.globalAlpha = (chosen ? 0.25 : 1) * (one.isOver ? 0.5 : 0.9) * many;
      pen.strokeStyle = one.colour;
      pen.lineWidth = (one.level === 2 ? 1.3 : 1) / view.scale;
      // Dashes cost much and say nothing among thousands of lines; uncertain ties are lighter there.
      if (self.isPlain) pen.globalAlpha *= [0.5, 0.7, 1][one.level];
      else pen.setLineDash(dashes[one.level].map((length) => length / view.scale));
      for (const path of one.paths) pen.stroke(path);
    }
    for (const one of strong) {
      pen.globalAlpha = one.isOver ? 0.6 : 1;
      pen.strokeStyle = one.colour;
      pen.lineWidth = 2.4 / view.scale;
      pen.setLineDash((dashes[one.level] ?? []).map((length) => 1.5 * length / view.scale));
      pen.stroke(one.path);
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
    for (const node of nodes) {
      if (!node.isVisible || node.x === null) continue;
      pen.beginPath();
      pen.arc(node.x, node.y, size(node) / view.scale, 0, 7);
      pen.fillStyle = colour(node);
      pen.fill();
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = 0.7 / view.scale;
      pen.stroke();
    }
    onView();
  }
  const drawSoon = () => { if (!waiting) { waiting = true; requestAnimationFrame(draw); } };
  const toMap = (x, y) => [(x - box.clientWidth / 2) / view.scale + view.x, (y - box.clientHeight / 2) / view.scale + view.y];
  function nearest(x, y) {
    const [mx, my] = toMap(x, y);
    let best = null, distance = Infinity;
    for (const node of nodes) {
      if (!node.isVisible || node.x === null) continue;
      const d = Math.hypot(node.x - mx, node.y - my) * view.scale - size(node);
      if (d < 4 && d < distance) { best = { node }; distance = d; }
    }
    return best;
  }
  function nearestEdge(x, y) {
    const [mx, my] = toMap(x, y);
    let best = null, distance = 6 / view.scale;
    for (const edge of edges) {
      if (!edge.isVisible) continue;
      for (const line of edge.lines) {
        for (let i = 2; i < line.length; i += 2) {
          const ax = line[i - 2], ay = line[i - 1], bx = line[i] - ax, by = line[i + 1] - ay;
          const share = Math.max(0, Math.min(1, ((mx - ax) * bx + (my - ay) * by) / (bx * bx + by * by || 1)));
          const d = Math.hypot(ax + share * bx - mx, ay + share * by - my);
          if (d < distance) { distance = d; best = edge; }
        }
      }
    }
    return best;
  }
  function zoomAt(factor, x, y) {
    const [mx, my] = toMap(x, y);
    view.isWhole = false;
    view.scale = Math.max(view.first / 4, Math.min(view.first * 400, view.scale * factor));
    view.x = mx - (x - box.clientWidth / 2) / view.scale;
    view.y = my - (y - box.clientHeight / 2) / view.scale;
    drawSoon();
  }
  const self = {
    hovered: null,
    isPlain: edges.length > MANY,
    update() { group(); mark(); drawSoon(); },
    choose(next) { chosen = next; mark(); drawSoon(); },
    focus(places) {
      const known = places.filter((node) => node.x !== null);
      if (!known.length) return;
      self.show(known.map((node) => [node.x, node.y]), 6);
    },
    locate(node) {
      return node.x === null ? null : { x: (node.x - view.x) * view.scale + box.clientWidth / 2, y: (node.y - view.y) * view.scale + box.clientHeight / 2, r: size(node) };
    },
    show(points, most) {
      const xs = points.map((p) => p[0]), ys = points.map((p) => p[1]);
      const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      view.isWhole = false;
      view.x = (x0 + x1) / 2; view.y = (y0 + y1) / 2;
      const scale = 0.86 * Math.min(box.clientWidth / Math.max(x1 - x0, 1), box.clientHeight / Math.max(y1 - y0, 1));
      view.scale = most ? Math.min(scale, view.first * most) : scale;
      drawSoon();
    },
    zoom(factor) { zoomAt(factor, box.clientWidth / 2, box.clientHeight / 2); },
    pan(x, y) { view.isWhole = false; view.x += x / view.scale; view.y += y / view.scale; drawSoon(); },
    fit() {
      self.show(corners);
      view.first = view.scale;
      view.isWhole = true;
      // A world map does not show more of what lies beyond the poles than it must.
      if (model.map.edge) {
        const room = Math.max(0, model.map.edge[1] * 1.03 - box.clientHeight / 2 / view.scale);
        view.y = Math.max(-room, Math.min(room, view.y));
      }
    },
    resize() { if (view.isWhole) self.fit(); else drawSoon(); },
  };
  let from = null, moved = false;
  const touches = new Map();
  box.addEventListener("pointerdown", (event) => { box.setPointerCapture(event.pointerId); touches.set(event.pointerId, [event.offsetX, event.offsetY]); from = [event.offsetX, event.offsetY]; moved = touches.size > 1; });
  box.addEventListener("pointermove", (event) => {
    const at = [event.offsetX, event.offsetY];
    if (touches.has(event.pointerId)) {
      const before = touches.get(event.pointerId);
      if (touches.size === 2) {
        const [still] = [...touches].filter(([id]) => id !== event.pointerId).map(([, p]) => p);
        const gap = (p) => Math.hypot(p[0] - still[0], p[1] - still[1]) || 1;
        zoomAt(gap(at) / gap(before), still[0], still[1]);
      } else if (moved || Math.hypot(at[0] - from[0], at[1] - from[1]) > 4) { moved = true; self.pan(before[0] - at[0], before[1] - at[1]); }
      touches.set(event.pointerId, at);
      return;
    }
    const found = nearest(...at)?.node ?? null;
    box.style.cursor = found ? "pointer" : "grab";
    if (found !== self.hovered) { self.hovered = found; onView(); }
  });
  const up = (event) => {
    touches.delete(event.pointerId);
    if (moved || event.type === "pointercancel") return;
    const found = nearest(event.offsetX, event.offsetY);
    if (found) { onNode(found.node); return; }
    const edge = nearestEdge(event.offsetX, event.offsetY);
    if (edge) onEdge(edge); else onEmpty();
  };
  box.addEventListener("pointerup", up);
  box.addEventListener("pointercancel", up);
  box.addEventListener("wheel", (event) => { zoomAt(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY); event.preventDefault(); }, { passive: false });
  self.fit();
  return self;
};
