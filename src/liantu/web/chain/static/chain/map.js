// The ring: lines between the cards, a card chosen without loading the page, arrows along the chain. Without it every card is a link.
"use strict";
(() => {
  const ring = document.querySelector("[data-ring]");
  if (!ring) return;
  const cards = new Map([...ring.querySelectorAll("[data-node]")].map((card) => [card.dataset.node, card]));
  const edges = JSON.parse(document.getElementById("edges").textContent);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "edges");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 .5 7.500 4 0 7.500z" fill="context-stroke"/></marker></defs>';
  ring.prepend(svg);

  // Where a card stands, in the ring's own coordinates.
  function place(card) {
    const outer = ring.getBoundingClientRect(), inner = card.getBoundingClientRect();
    return { left: inner.left - outer.left, right: inner.right - outer.left, top: inner.top - outer.top, bottom: inner.bottom - outer.top, middle: (inner.top + inner.bottom) / 2 - outer.top, centre: (inner.left + inner.right) / 2 - outer.left };
  }
  const isBack = (card) => Boolean(card.closest(".back"));

  function path(from, to) {
    const a = place(from), b = place(to);
    if (isBack(from) && isBack(to)) return `M${a.left} ${a.middle}H${b.right + 2}`;
    if (isBack(to)) {
      const gutter = a.right + 12, lane = b.top - 38;
      return `M${a.right} ${a.middle}H${gutter - 6}q6 0 6 6V${lane - 6}q0 6 ${gutter < b.centre ? 6 : -6} 6H${b.centre + (gutter < b.centre ? -6 : 6)}q${gutter < b.centre ? 6 : -6} 0 ${gutter < b.centre ? 6 : -6} 6V${b.top - 2}`;
    }
    if (isBack(from)) {
      const gutter = b.left - 12, lane = a.top - 44;
      return `M${a.centre} ${a.top}V${lane + 6}q0 -6 ${gutter < a.centre ? -6 : 6} -6H${gutter + (gutter < a.centre ? 6 : -6)}q${gutter < a.centre ? -6 : 6} 0 ${gutter < a.centre ? -6 : 6} -6V${b.middle + 6}q0 -6 6 -6H${b.left - 2}`;
    }
    if (b.left > a.right) {
      const half = (b.left - a.right) / 2;
      return `M${a.right} ${a.middle}C${a.right + half} ${a.middle} ${b.left - half} ${b.middle} ${b.left - 2} ${b.middle}`;
    }
    // Within one stage: round the left side, so that the way along the chain stays free.
    return `M${a.left} ${a.middle}C${a.left - 18} ${a.middle} ${b.left - 18} ${b.middle} ${b.left - 2} ${b.middle}`;
  }

  function draw() {
    svg.querySelectorAll(".edge").forEach((old) => old.remove());
    const chosen = ring.querySelector("[aria-current]")?.dataset.node;
    for (const edge of edges) {
      const from = cards.get(edge.origin), to = cards.get(edge.end);
      if (!from || !to) continue;
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      const lit = chosen === edge.origin || chosen === edge.end;
      line.setAttribute("class", ["edge", edge.back && "back", lit && "lit", from.matches(".node-missing") && "open"].filter(Boolean).join(" "));
      line.setAttribute("d", path(from, to));
      line.setAttribute("marker-end", "url(#tip)");
      if (lit) svg.append(line); else svg.insertBefore(line, svg.querySelector(".lit"));
    }
  }

  async function choose(card, address) {
    for (const other of cards.values()) other.removeAttribute("aria-current");
    card.setAttribute("aria-current", "true");
    draw();
    const url = new URL(address, location.href);
    history.replaceState(null, "", url);
    url.searchParams.set("part", "panel");
    const answer = await fetch(url);
    if (!answer.ok || answer.redirected) { location.assign(address); return; }
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("panel");
    if (made) document.getElementById("panel").replaceWith(made);
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const at = event.target.closest("[data-node]");
    if (at && cards.has(at.dataset.node)) { event.preventDefault(); choose(cards.get(at.dataset.node), at.href); }
    if (event.target.closest("[data-close]")) { event.preventDefault(); close(); }
  });
  function close() {
    document.getElementById("panel")?.classList.remove("is-open");
    ring.querySelector("[aria-current]")?.focus();
  }

  // One stop of the tab key; arrows along the chain and within a stage; Enter is the link's own.
  const columns = [...ring.querySelectorAll(".columns .stage"), ...[...ring.querySelectorAll(".back .stage")].reverse()];
  function roam(to) {
    for (const card of cards.values()) card.tabIndex = -1;
    to.tabIndex = 0;
  }
  roam(ring.querySelector("[aria-current]") || cards.values().next().value);
  ring.addEventListener("focusin", (event) => { if (event.target.dataset.node) roam(event.target); });
  ring.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-node]");
    if (!card) return;
    const column = columns.indexOf(card.closest(".stage")), within = [...columns[column].querySelectorAll("[data-node]")], row = within.indexOf(card);
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key], along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    let to = null;
    if (along) to = within[row + along];
    else if (sideways && columns[column + sideways]) {
      const there = [...columns[column + sideways].querySelectorAll("[data-node]")];
      to = there[Math.min(row, there.length - 1)];
    } else if (event.key === "Escape") close();
    if (to) { event.preventDefault(); to.focus(); }
  });

  // The slider is the year of the address.
  const slider = document.querySelector("[data-slider] input[type=range]");
  slider?.addEventListener("input", () => { slider.closest("form").querySelector("label b").textContent = slider.value; });
  slider?.addEventListener("change", () => {
    const url = new URL(location.href);
    url.searchParams.set("year", slider.value);
    sessionStorage.setItem("slider", "1");
    location.assign(url);
  });
  if (sessionStorage.getItem("slider")) { sessionStorage.removeItem("slider"); slider?.focus(); }

  new ResizeObserver(draw).observe(ring);
  document.fonts?.ready.then(draw);
})();
