"use strict";
// A browser that kept the page shows what was typed into it; the form says what the address says.
addEventListener("pageshow", (event) => { if (event.persisted) for (const form of document.forms) form.reset(); });

// The picture is a page of its own with filters and a slider. What is chosen there is said here, stands in the address,
// and goes along to the table, the other picture and the files.
addEventListener("DOMContentLoaded", () => {
  const frame = document.querySelector("iframe.picture");
  if (!frame) return;
  const told = document.getElementById("told"), words = document.getElementById("words"), own = [told.textContent, words.textContent];
  const address = new URL(location.href), form = document.querySelector("form.fields");
  const links = [...document.querySelectorAll("nav.tabs a, main ul.columns a, header nav a[hreflang], a.full")].map((link) => [link, link.href]);
  const hasCountry = address.searchParams.get("country") || address.searchParams.get("other_country");
  let timer = null, asked = 0;

  // What the address now gives is said by the server, as it will be to whoever cites it.
  async function tell(url, inPicture) {
    const turn = ++asked;
    if (!inPicture) {
      [told.textContent, words.textContent] = own;
      return;
    }
    told.textContent = inPicture;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
      if (turn !== asked) return;
      for (const part of [told, words]) part.textContent = page.getElementById(part.id)?.textContent ?? part.textContent;
    } catch { /* what the picture counts is said already */ }
  }

  // What the picture leaves out, as parameters of this page.
  function narrowed({ state, model }, kinds, statuses) {
    const found = {};
    if (state.year !== null) {
      const end = Date.UTC(state.year, 11, 31) / 864e5 + 719163;
      found.as_of = end <= model.today ? `${state.year}-12-31` : new Date((model.today - 719163) * 864e5).toISOString().slice(0, 10);
    }
    for (const [name, chosen, all] of [["kind", state.kinds, kinds], ["status", state.statuses, statuses]])
      if (chosen.size && chosen.size < all) found[name] = [...chosen].sort().join(",");
    if (state.country) found.country = state.country;
    return found;
  }
  function withThese(href, found) {
    const url = new URL(href);
    if (found.as_of) url.searchParams.delete("period");
    for (const [name, value] of Object.entries(found)) url.searchParams.set(name, value);
    return url;
  }
  function fill(found) {
    form.reset();
    for (const [name, value] of Object.entries(found)) {
      const field = form.elements[name];
      if (field.options && ![...field.options].some((option) => option.value === value)) field.add(new Option(value, value));
      field.value = value;
    }
  }
  function begin() {
    const inner = frame.contentWindow.twingraph, page = frame.contentDocument;
    if (!inner || page.documentElement.dataset.followed) return;
    page.documentElement.dataset.followed = "1";
    const kinds = inner.state.kinds.size, statuses = inner.state.statuses.size;
    // Here the language is that of the page around it, certainty a column of the table, and countries are chosen once.
    // Around a town, what is reached depends on the time and the kinds, which only this page can look up anew.
    const isAround = address.searchParams.has("around") && address.searchParams.get("around") !== "";
    const hidden = ["language", "levels", ...(hasCountry || isAround ? ["country"] : [])].map((id) => page.getElementById(id));
    if (hasCountry || isAround) hidden.push(page.querySelector('[data-text="countrylabel"]'));
    if (isAround) {
      hidden.push(page.querySelector(".time"));
      for (const box of page.querySelectorAll("#kinds input, #statuses input")) box.disabled = true;
    }
    for (const part of hidden) part.style.display = "none";
    if (frame.clientWidth <= 960) {
      // In a narrow frame the picture comes first, its filters below.
      Object.assign(page.body.style, { display: "flex", flexDirection: "column" });
      Object.assign(page.querySelector("main").style, { order: -1, flex: "none" });
      frame.contentWindow.dispatchEvent(new Event("resize"));
    }
    let last = "{}";
    const follow = () => {
      const found = narrowed(inner, kinds, statuses), chosen = page.defaultView.location.hash;
      const url = withThese(address.href, found);
      url.hash = chosen;
      history.replaceState(history.state, "", url);
      const selection = JSON.stringify(found);
      if (selection !== last) tell(url, selection === "{}" ? "" : page.getElementById("count").textContent);
      last = selection;
      for (const [link, href] of links) link.href = withThese(href, found);
      fill(found);
    };
    const wanted = decodeURIComponent(location.hash.slice(1));
    const node = wanted && inner.nodes.find((one) => one.key === wanted);
    const edge = wanted && !node && inner.edges.find((one) => one.ties.some((tie) => tie.key === wanted));
    if (node || edge) inner.choose(node ? { node } : { edge });
    const soon = () => { clearTimeout(timer); timer = setTimeout(follow, 250); };
    const watch = new MutationObserver(soon);
    for (const id of ["count", "details"]) watch.observe(page.getElementById(id), { childList: true, characterData: true, subtree: true });
    // Towns and partnerships have their pages here.
    page.addEventListener("click", (event) => {
      const link = event.target.closest?.("a");
      if (link && link.origin === location.origin) link.target = "_top";
    }, true);
  }
  frame.addEventListener("load", begin);
  begin();
});
