/// The style sheet of every page. Colours are those of Okabe and Ito, which colour-blind readers tell apart; nothing is said by
/// colour alone.
let siteStyle: StaticString = #"""
  :root{--paper:#fdfdfb;--ink:#1d2126;--soft:#5b6470;--line:#d9dde2;--rule:#eceef1;--raised:#f4f5f6;--link:#0b5cad;
  --good:#0072b2;--bad:#c75a00;--focus:#b8006b;--u1:#dcebf5;--u2:#b5d6ea;--u3:#82bbdc;--u4:#4c9cca;--l1:#fbe9d6;--l2:#f5cfa6;
  --l3:#eeb06f;--l4:#e28f3d;--c0:#0072b2;--c1:#c75a00;--c2:#00805d;--c3:#a8477f;--c4:#8a6d00;--c5:#3d7f9e}
  @media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e6e8ea;--soft:#a0a9b4;--line:#363c44;--rule:#262b31;
  --raised:#1c2025;--link:#7db9f0;--good:#56b4e9;--bad:#f0934a;--focus:#ff7ac0;--u1:#1b2f3d;--u2:#1f4762;--u3:#22618b;
  --u4:#1f6c9e;--l1:#38291a;--l2:#573a1b;--l3:#7b4d1b;--l4:#8a5214;--c0:#56b4e9;--c1:#f0934a;--c2:#3fc79a;--c3:#e08fc0;
  --c4:#e0c341;--c5:#8fc7e0}}
  *{box-sizing:border-box}
  main{overflow-wrap:break-word}.lead{overflow-wrap:anywhere}
  html{color-scheme:light dark;scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
  body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",
  "DejaVu Sans",sans-serif}
  header,main,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
  header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;padding-top:1rem;padding-bottom:.75rem;
  border-bottom:1px solid var(--line)}
  .brand{font-weight:700;font-size:1.1rem;letter-spacing:-.01em;color:var(--ink);text-decoration:none}
  header nav{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem}
  header nav a{text-decoration:none;padding:.25rem 0;border-bottom:2px solid transparent}
  header nav a[aria-current]{color:var(--ink);border-color:var(--good)}
  footer{margin-top:3rem;padding-top:1rem;padding-bottom:2rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}
  a{color:var(--link);text-underline-offset:.15em}
  a:hover{text-decoration-thickness:2px}
  :focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:2px}
  .skip{position:absolute;left:-99rem}
  .skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--paper);padding:.5rem 1rem}
  h1{font-size:1.8rem;line-height:1.2;letter-spacing:-.02em;margin:1.75rem 0 .5rem;overflow-wrap:anywhere}
  h2{font-size:1.3rem;line-height:1.25;letter-spacing:-.01em;margin:2.75rem 0 .5rem;overflow-wrap:anywhere}
  h3{font-size:1.05rem;margin:2rem 0 .25rem}
  p{max-width:44rem;margin:.5rem 0}
  .note{color:var(--soft);font-size:.875rem;max-width:52rem}
  .lead{font-size:1.1rem;font-weight:600}
  code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em}
  .facts{display:flex;flex-wrap:wrap;gap:.75rem 2rem;margin:1rem 0}
  .facts dt{color:var(--soft);font-size:.8rem}
  .facts dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
  .jump{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
  .frame{overflow-x:auto;margin:.75rem 0;border:1px solid var(--line);border-radius:6px;background:var(--paper)}
  .grid,.matrix{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
  .grid{width:100%}
  .grid th,.grid td{padding:.35rem .6rem;text-align:left;border-bottom:1px solid var(--rule);vertical-align:middle}
  .grid td{white-space:nowrap}
  .grid td:has(details){white-space:normal;min-width:16rem}
  .grid thead th{font-weight:600;color:var(--soft);background:var(--raised);border-bottom:1px solid var(--line);vertical-align:bottom;
  min-width:4rem}
  .grid thead .n{text-align:right}.grid thead .n .sort{justify-content:flex-end}
  .grid tbody th{font-weight:500;min-width:15rem;max-width:26rem;overflow-wrap:break-word;position:sticky;left:0;
  background:var(--paper);z-index:1}
  .grid tbody th.n{min-width:0}
  .grid tbody tr:last-child>*{border-bottom:0}
  .grid .n{text-align:right}
  .grid .draw{min-width:11rem;width:22%;padding-left:1.4rem;padding-right:1.4rem}
  .grid tbody tr:hover>*{background:var(--raised)}
  .grid .faint>*{color:var(--soft)}
  .grid .strong>*{font-weight:600}
  .grid:not(.sorted) .first>*{border-top:2px solid var(--soft)}
  caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
  .matrix caption{position:static;width:auto;height:auto;clip-path:none;text-align:left;color:var(--soft);padding:.5rem .6rem;
  caption-side:top}
  .matrix th,.matrix td{padding:.2rem .35rem;min-width:2.1rem;text-align:center;font-weight:400}
  .matrix tbody th{text-align:left;white-space:nowrap;position:sticky;left:0;background:var(--paper);max-width:16rem;
  overflow:hidden;text-overflow:ellipsis}
  .matrix thead th{color:var(--soft)}
  .even{background:var(--raised)}.u1{background:var(--u1)}.u2{background:var(--u2)}.u3{background:var(--u3)}.u4{background:var(--u4)}
  .l1{background:var(--l1)}.l2{background:var(--l2)}.l3{background:var(--l3)}.l4{background:var(--l4)}
  .sort{all:unset;cursor:pointer;display:inline-flex;gap:.25rem;font:inherit;width:max-content;max-width:9.5rem}
  .sort:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
  .sort::after{content:"\2195";opacity:.45}
  [aria-sort=ascending] .sort::after{content:"\2191";opacity:1}
  [aria-sort=descending] .sort::after{content:"\2193";opacity:1}
  .tools{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:.75rem 0 0;font-size:.875rem;color:var(--soft)}
  .tools input{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:4px;
  padding:.3rem .5rem;min-width:12rem;margin-left:.4rem}
  .tools button{font:inherit;color:var(--ink);background:var(--raised);border:1px solid var(--line);border-radius:4px;
  padding:.25rem .7rem;cursor:pointer}
  .tools button:disabled{opacity:.45;cursor:default}
  .badge{display:inline-block;font-size:.72rem;line-height:1;padding:.2rem .4rem;border-radius:3px;border:1px solid var(--line);
  color:var(--soft);font-weight:500;letter-spacing:0;vertical-align:middle;white-space:nowrap}
  .rerun{border-color:var(--good);color:var(--good)}
  .claimed{border-style:dashed}.failed{border-color:var(--bad);color:var(--bad)}.badge+.badge{margin-left:.25rem}
  figure{margin:1.25rem 0}
  figcaption{max-width:44rem;margin-bottom:1.1rem}
  svg{display:block;overflow:visible}
  .iv{width:100%;height:20px}
  .plot{margin:2.1rem 1.25rem 3rem 3.2rem;width:calc(100% - 4.45rem);max-width:46rem}
  .plane{width:100%;max-width:27rem;height:auto;margin:.5rem 0}
  .names{columns:14rem;max-width:44rem;font-size:.875rem;margin:.5rem 0;padding-left:2rem;overflow-wrap:anywhere}
  .frame:has(.matrix){width:fit-content;max-width:100%}
  .key{display:inline-block;width:2rem;height:10px;vertical-align:middle;margin-right:.4rem}
  .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:0 0 .5rem;font-size:.875rem}
  .tick,.axis-name{font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}
  .axis{stroke:var(--soft);stroke-width:1}
  .rule{stroke:var(--line);stroke-width:1;fill:none}
  .ref{stroke:var(--ink);stroke-width:1;stroke-dasharray:3 3}
  .bar{stroke:var(--good);stroke-width:2}
  .cap{stroke-width:1.5}
  .dot{fill:var(--good)}
  .faint .bar{stroke:var(--soft)}.faint .dot{fill:var(--soft)}
  .open{fill:var(--paper);stroke:var(--bad);stroke-width:1.5}
  rect.good{fill:var(--good)}
  rect.bad{fill:var(--paper);stroke:var(--bad);stroke-width:1.5}
  .s0,.s1,.s2,.s3,.s4,.s5{stroke-width:2;fill:none}
  .s0{stroke:var(--c0)}.s1{stroke:var(--c1)}.s2{stroke:var(--c2)}.s3{stroke:var(--c3)}.s4{stroke:var(--c4)}.s5{stroke:var(--c5)}
  .key .s1{stroke-dasharray:6 3}.plot .s1{stroke-dasharray:6 3}.s2{stroke-dasharray:2 3}.s3{stroke-dasharray:9 3 2 3}
  .s4{stroke-dasharray:1 4;stroke-linecap:round}.s5{stroke-dasharray:12 4}
  .d0{fill:var(--c0)}.d1{fill:var(--c1)}.d2{fill:var(--c2)}.d3{fill:var(--c3)}.d4{fill:var(--c4)}.d5{fill:var(--c5)}
  .head{fill:var(--c1)}
  details{margin:.5rem 0}
  summary{cursor:pointer;color:var(--link);font-size:.875rem}
  .quote{margin:.5rem 0}
  .quote figcaption{margin:0;color:var(--soft);font-size:.8rem}
  pre{margin:.1rem 0;padding:.5rem .6rem;background:var(--raised);border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere;
  font:.82rem/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;max-height:24rem;overflow-y:auto;
  unicode-bidi:isolate}
  @media (max-width:40rem){body{font-size:15px}header,main,footer{padding-left:.9rem;padding-right:.9rem}
  h1{font-size:1.45rem}h2{font-size:1.15rem}.grid th,.grid td{padding:.4rem .5rem}.tools input{min-width:0;width:11rem}
  .grid .draw{min-width:9rem}.grid tbody th{min-width:8.5rem;max-width:11rem;overflow-wrap:anywhere}.facts{gap:.6rem 1.4rem}}
  @media print{header nav,.tools,.skip{display:none}.frame{overflow:visible;border:0}}
  """#
