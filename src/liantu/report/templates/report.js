"use strict";
(function () {
  const sheets = [...document.querySelectorAll(".sheet")];
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const data = (lang) => JSON.parse(document.querySelector(`script[data-flows="${lang}"]`).textContent);
  const charts = new Map();

  // Paper is narrower than a screen: smaller letters, less room at the right.
  function sizes() {
    const paper = document.documentElement.classList.contains("paper");
    const fontSize = paper ? 10 : 12;
    const rich = { a: { fontSize, fontWeight: 600, color: token("--text") }, b: { fontSize, color: token("--text-2") } };
    return { series: [{ right: paper ? 185 : 235, label: { lineHeight: paper ? 12 : 15, rich } }] };
  }

  function draw(sheet) {
    const block = sheet.querySelector(".flow:not([hidden])");
    const box = block && block.querySelector(".chart");
    if (!box || typeof echarts === "undefined" || sheet.hidden || !box.clientWidth || charts.has(box)) return;
    const flow = data(sheet.dataset.lang)[block.dataset.flow];
    box.style.height = `${flow.height}px`;
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(sankeyOption(flow, token));
    chart.setOption(sizes());
    charts.set(box, chart);
  }

  function speak(lang) {
    for (const sheet of sheets) {
      sheet.hidden = sheet.dataset.lang !== lang;
      if (sheet.hidden) continue;
      document.documentElement.lang = sheet.lang;
      document.title = sheet.dataset.title;
      draw(sheet);
    }
  }

  function choose(quantity) {
    for (const button of document.querySelectorAll("[data-quantity]")) button.setAttribute("aria-pressed", String(button.dataset.quantity === quantity));
    for (const block of document.querySelectorAll("[data-flow]")) block.hidden = block.dataset.flow !== quantity;
    sheets.forEach(draw);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.switch) speak(button.dataset.switch);
    if (button.dataset.quantity) choose(button.dataset.quantity);
    if ("print" in button.dataset) print();
  });
  function turn(paper) {
    document.documentElement.classList.toggle("paper", paper);
    sheets.forEach(draw);
    charts.forEach((chart, box) => {
      if (!box.clientWidth) return;
      chart.resize();
      chart.setOption(sizes());
    });
  }
  addEventListener("beforeprint", () => turn(true));
  addEventListener("afterprint", () => turn(false));
  addEventListener("resize", () => turn(false));
  sheets.forEach(draw);
})();
