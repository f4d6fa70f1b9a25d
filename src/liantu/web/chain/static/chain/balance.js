// The Sankey. Without it, or on a phone, the table beside it says the same.
"use strict";
(() => {
  const box = document.querySelector("[data-sankey]");
  const data = document.getElementById("flow");
  if (!box || !data || typeof echarts === "undefined") return;
  const flow = JSON.parse(data.textContent);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function draw() {
    if (!box.clientWidth) return;
    echarts.getInstanceByDom(box)?.dispose();
    box.style.height = `${box.dataset.height}px`;
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(sankeyOption(flow, token));
    const rich = { a: { fontSize: 12, fontWeight: 600, color: token("--text") }, b: { fontSize: 12, color: token("--text-2") } };
    chart.setOption({ series: [{ right: 215, label: { lineHeight: 15, rich } }] });
  }
  document.addEventListener("themechange", draw);
  let width = 0;
  new ResizeObserver(() => { if (box.clientWidth !== width) { width = box.clientWidth; draw(); } }).observe(box);
})();
