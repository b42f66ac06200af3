/** Colours of the arms hold in both schemes; the page follows the reader's. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c2330; --quiet: #5a6473; --ground: #fbfbf9; --line: #dcdfe4; --seen: #4f6df5; --true: #0b8457; --s0: #8a5a00; --s1: #4f6df5; --s2: #b0368c; --s3: #0b8457; --s4: #6b7280; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --quiet: #a3acba; --ground: #14181f; --line: #313845; --seen: #8ea2ff; --true: #46c794; --s0: #e0a83a; --s1: #8ea2ff; --s2: #ea7cc8; --s3: #46c794; --s4: #9aa3b2; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
.note { color: var(--quiet); margin: 0 0 .75rem; max-width: 60rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .85rem; }
th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; } th { color: var(--quiet); font-weight: 600; white-space: normal; }
svg { display: block; width: 100%; max-width: 56rem; height: auto; margin: .5rem 0; } svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; }
details { margin-top: .75rem; } summary { cursor: pointer; color: var(--quiet); }
`;
