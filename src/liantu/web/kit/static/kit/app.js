/* What every page does beside being read. Without it every page still works: it only saves steps. */
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const kept = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
  if (kept === "dark" || (!kept && matchMedia("(prefers-color-scheme: dark)").matches)) root.dataset.theme = "dark";

  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-theme-switch],[data-more],[data-unfold]");
    if (!at) return;
    if (at.matches("[data-theme-switch]")) {
      const dark = root.dataset.theme !== "dark";
      if (dark) root.dataset.theme = "dark"; else delete root.dataset.theme;
      try { localStorage.setItem("theme", dark ? "dark" : "light"); } catch { /* a private window keeps nothing */ }
      document.dispatchEvent(new CustomEvent("themechange"));
    } else if (at.matches("[data-more]")) {
      const open = document.body.classList.toggle("more");
      at.setAttribute("aria-expanded", String(open));
    } else {
      const open = !at.firstElementChild.hidden;
      for (const said of at.children) said.hidden = !said.hidden;
      for (const fold of document.querySelectorAll(".fold")) fold.open = open;
    }
  });

  // Paper is always light.
  let shade;
  addEventListener("beforeprint", () => { shade = root.dataset.theme; delete root.dataset.theme; });
  addEventListener("afterprint", () => { if (shade) root.dataset.theme = shade; });

  // A table wider than the screen is scrolled by the keyboard too.
  const reach = () => {
    for (const box of document.querySelectorAll(".wide")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex");
    }
  };
  addEventListener("load", reach);
  addEventListener("resize", reach);

  // "/" goes to the search of the page, "?" opens its help and Escape closes it, g + letter to a page, where one is not writing.
  const go = { d: "/", c: "/chain/", r: "/recruit/" };
  let waiting = false;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input,textarea,select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "?" || event.key === "Escape") {
      const help = document.querySelector("[data-help]");
      if (help) help.open = event.key === "?" && !help.open;
    } else if (event.key === "g") { waiting = true; setTimeout(() => { waiting = false; }, 1000); }
    else if (waiting && go[event.key]) { location.assign(go[event.key]); }
  });

  // What is sent twice by a double click is sent once; a page that is come back to can send again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
  addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent; });

  // A filter that is changed is applied at once; without this the button beside it does it.
  document.addEventListener("change", (event) => {
    if (event.target.closest("form[data-live]")) event.target.form.requestSubmit();
  });

  // What is computed without having been asked for is looked for again now and then, while nothing is typed.
  if (document.querySelector("[data-again]")) {
    setInterval(() => { if (!document.activeElement.closest("input,select,textarea")) location.reload(); }, 15000);
  }

  // What is being computed asks how far it is, and shows the page anew when it is done.
  const watched = document.querySelector("[data-watch]");
  if (watched) {
    const ask = async () => {
      try {
        const answer = await fetch(watched.dataset.watch, { headers: { Accept: "application/json" } });
        const state = await answer.json();
        const bar = watched.querySelector("progress");
        if (bar) bar.value = state.progress;
        const line = watched.querySelector("[data-said]");
        if (line) line.textContent = state.said;
        if (state.finished) { location.reload(); return; }
      } catch { /* asked again in a moment */ }
      setTimeout(ask, 1000);
    };
    setTimeout(ask, 500);
  }
})();
