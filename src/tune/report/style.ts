import { chartStyle } from '../chart/theme.ts'

/** From this width on the wide form of a figure is shown. A narrower page would make its texts smaller than 10 pixels. */
const WIDE_FROM = '45rem'

export function pageStyle(): string {
  return `${chartStyle()}
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
main{max-width:58rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1rem;font-weight:600;margin:0 0 .25rem;color:var(--muted)}
h2{font-size:1.3rem;line-height:1.3;margin:0 0 .5rem}
section,figure{margin:3rem 0 0}
p{margin:.5rem 0;max-width:44rem}
.verdict{font-size:clamp(1.2rem,1rem + 1.2vw,1.6rem);line-height:1.35;font-weight:600;max-width:48rem;margin:0 0 1rem}
.muted,figcaption,.missing{color:var(--muted)}
figcaption{font-size:.9rem;line-height:1.5;max-width:48rem;margin:.75rem 0 0}
a{color:var(--curve)}
:focus-visible{outline:3px solid var(--auto);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.25rem .5rem}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.95em}
pre{background:var(--panel);padding:.75rem 1rem;margin:1rem 0;border-radius:.4rem;white-space:pre-wrap}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1.5rem 0 0;padding:.75rem 0;border-block:1px solid var(--grid)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));grid-auto-flow:dense;gap:1rem 1.5rem;margin:1.5rem 0 0}
dt{color:var(--muted);font-size:.875rem}
dd{margin:0}
dl.large dd{font-size:1.35rem;font-weight:600;line-height:1.3}
@media (min-width:26rem){.long{grid-column:span 2}}
.chart{display:block;width:100%;height:auto;margin:1rem 0 0}
.chart.narrow{max-width:34rem}
.chart.wide{display:none}
details{margin:1rem 0 0}
summary{cursor:pointer;color:var(--curve);width:fit-content}
.scroll{overflow-x:auto;margin:.5rem 0 0;max-height:32rem}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
caption{text-align:left;color:var(--muted);padding:.25rem 0}
th,td{text-align:right;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--grid);vertical-align:top}
th{font-weight:600}
th:first-child,td:first-child{text-align:left;min-width:6rem;max-width:22rem;overflow-wrap:anywhere}
@media (min-width:${WIDE_FROM}),print{.chart.wide{display:block}.chart.narrow{display:none}}
@media print{main{max-width:none;padding:0}.skip,nav,details:not([open]){display:none}figure,section{break-inside:avoid;margin-top:1.5rem}.scroll{max-height:none;overflow:visible}a{color:inherit}}`
}
