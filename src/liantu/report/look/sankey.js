// What ECharts is handed for a Sankey, in the report and in the workbench: colours come from the tokens.
"use strict";
const clean = (text) => text.replace(/[{}|]/g, " ");
function sankeyOption(flow, token) {
  const label = (node) => node.data.lines.map((line) => `{a|${clean(line)}}`).join("\n") + `${node.data.apart ? "\n" : " "}{b|${node.data.amount}}`;
  return {
    animation: false,
    textStyle: { fontFamily: token("--font") },
    aria: { enabled: false },
    tooltip: {
      renderMode: "richText", confine: true,
      formatter: (at) => at.dataType === "edge" ? `${at.data.from} → ${at.data.to}: ${at.data.amount} t` : `${at.data.label}: ${at.data.amount} t`,
    },
    series: [{
      type: "sankey", left: 2, top: 8, bottom: 8, nodeAlign: "justify", nodeWidth: 13, nodeGap: 26,
      draggable: false, layoutIterations: flow.iterations, emphasis: { focus: "adjacency" },
      lineStyle: { color: "source", opacity: 0.26, curveness: 0.5 }, itemStyle: { borderWidth: 0 },
      label: { position: "right", formatter: label },
      data: flow.nodes.map((node) => ({ ...node, itemStyle: { color: token(`--stage-${node.group}`) } })),
      links: flow.links.map((link) => ({ ...link, from: flow.nodes[+link.source].label, to: flow.nodes[+link.target].label })),
    }],
  };
}
