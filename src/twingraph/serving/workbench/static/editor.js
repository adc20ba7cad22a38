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
  const declared = ["rdfs", "tw"].map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`).join("");
  const first = wanted ?? declared + "\nSELECT ?label ?start WHERE {\n  ?partnership a tw:Partnership ;\n    rdfs:label ?label ;\n    tw:start ?start .\n}\nORDER BY ?start\nLIMIT 20\n";
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
