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

  const LETTER = 5.6, MOST_LINES = 3, HALF = 20;
  const width = (text) => [...text].reduce((sum, character) => sum + (character > "\u2e80" ? 2 : 1), 0);

  // The room from each node to the next one that stands in the way of its label.
  function rooms(chart) {
    const boxes = [];
    chart.getModel().getSeriesByIndex(0).getGraph().eachNode((node) => {
      const { x, y, dx, dy } = node.getLayout();
      boxes.push({ x, end: x + dx, middle: y + dy / 2, top: Math.min(y, y + dy / 2 - HALF), foot: Math.max(y + dy, y + dy / 2 + HALF) });
    });
    return boxes.map((one) => {
      const ahead = boxes.filter((other) => other.x > one.end && other.top < one.middle + HALF && other.foot > one.middle - HALF);
      return Math.min(...ahead.map((other) => other.x)) - one.end - 9;
    });
  }

  // A name in lines of so many letters, cut after the third and where a word is longer than a line; the table has it whole.
  function broken(name, letters) {
    const lines = [""];
    for (const part of name.match(/[^\u2e80-\uffff -]+[ -]?|[\u2e80-\uffff]|[ -]/g) || []) {
      if (lines.at(-1) && width(lines.at(-1) + part.trimEnd()) > letters) lines.push("");
      lines.push(lines.pop() + part);
    }
    const rest = lines.length > MOST_LINES;
    return lines.slice(0, MOST_LINES).map((line, at) => cut(line.trim(), letters, rest && at === MOST_LINES - 1));
  }

  function cut(line, letters, always) {
    if (!always && width(line) <= letters) return line;
    while (line && width(line) >= letters) line = line.slice(0, -1);
    return `${line}…`;
  }

  // On paper the labels between two nodes are broken to the room there is; on a screen they stay as they came.
  function fit(chart, flow) {
    chart.setOption(sizes());
    const paper = document.documentElement.classList.contains("paper");
    const room = paper ? rooms(chart) : [];
    const data = sankeyOption(flow, token).series[0].data.map((node, at) => {
      const letters = Math.floor(room[at] / LETTER);
      if (!(letters < 22)) return node;
      const lines = broken(node.label, letters);
      return { ...node, lines, apart: width(`${lines.at(-1)} ${node.amount}`) > letters };
    });
    chart.setOption({ series: [{ data }] });
  }

  function draw(sheet) {
    const block = sheet.querySelector(".flow:not([hidden])");
    const box = block && block.querySelector(".chart");
    if (!box || typeof echarts === "undefined" || sheet.hidden || !box.clientWidth || charts.has(box)) return;
    const flow = data(sheet.dataset.lang)[block.dataset.flow];
    box.style.height = `${flow.height}px`;
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(sankeyOption(flow, token));
    fit(chart, flow);
    charts.set(box, { chart, flow });
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
    charts.forEach(({ chart, flow }, box) => {
      if (!box.clientWidth) return;
      chart.resize();
      fit(chart, flow);
    });
  }
  addEventListener("beforeprint", () => turn(true));
  addEventListener("afterprint", () => turn(false));
  addEventListener("resize", () => turn(false));
  sheets.forEach(draw);
})();
