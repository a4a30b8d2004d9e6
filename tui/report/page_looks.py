"""How the page looks, and the little it does: its style sheet and its script, and nothing of a run.

Both are fixed texts, so that the page's policy can name the script by its hash.
"""

from typing import Final

AGENT_COLOURS: Final = 8
"""Classes `a0` to `a7`; a ninth agent shares its colour with the first, never its name."""

_HUES: Final = (212, 28, 150, 330, 265, 95, 185, 5)

_LIGHT: Final = "--light: 36%; --back: 95%; --page: #fff; --ink: #1c1c1c; --quiet: #5c5c5c;"
_DARK: Final = "--light: 72%; --back: 17%; --page: #16181c; --ink: #e6e6e6; --quiet: #a3a3a3;"

STYLE: Final = (
    f":root {{ color-scheme: light dark; {_LIGHT} --line: #8884; --code: #8881; --bad: #b3261e; }}"
    f"\n@media (prefers-color-scheme: dark) {{ :root {{ {_DARK} --bad: #ff8a80; }} }}\n"
    + "\n".join(
        f".a{place} {{ --hue: hsl({hue} 65% var(--light)); --tint: hsl({hue} 45% var(--back)); }}"
        for place, hue in enumerate(_HUES)
    )
    + """
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 70rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.quiet { color: var(--quiet); } .bad { color: var(--bad); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .5rem 0; }
dt { color: var(--quiet); } dd { margin: 0; }
button, input { font: inherit; padding: .2rem .6rem; max-width: 100%; }
.lanes { margin: 1rem 0; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; }
.lane { display: grid; grid-template-columns: 9rem 1fr; align-items: center; min-height: 1.9rem; }
.lane b { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-right: .5rem; }
.track { position: relative; height: 1.5rem; background: var(--code); }
.track a { position: absolute; top: 2px; bottom: 2px; min-width: 5px; border-radius: 2px;
  background: var(--hue, var(--quiet)); color: var(--page); text-decoration: none;
  font: 12px/1.25rem system-ui, sans-serif; overflow: hidden; white-space: nowrap; }
.track a.say { opacity: .55; top: 8px; bottom: 8px; }
.track a.wait { background: repeating-linear-gradient(45deg, var(--hue) 0 3px, transparent 3px 7px);
  border: 1px solid var(--hue); color: var(--ink); }
.track a.mark { background: none; color: var(--hue, var(--ink)); min-width: 1rem;
  transform: translateX(-50%); font-size: 15px; text-align: center; overflow: visible; }
.scale { display: flex; justify-content: space-between; padding-left: 9rem; }
ol.items { list-style: none; margin: 0; padding: 0; }
li.item { border-left: 5px solid var(--hue, var(--quiet)); margin: .4rem 0; padding: .2rem .7rem;
  background: var(--tint, var(--code)); border-radius: 0 6px 6px 0; }
li.item:target { outline: 3px solid var(--hue, var(--ink)); }
li.item.inside { margin-left: 2rem; }
li.item.handoff { border-left-style: double; border-left-width: 9px; }
summary { cursor: pointer; } summary, .head { padding: .15rem 0; }
.who { font-weight: 700; color: var(--hue, var(--ink)); } .name { font-weight: 600; }
.took, .at { font-variant-numeric: tabular-nums; color: var(--quiet); }
.head > *, summary > * { margin-right: .6rem; }
h4 { margin: .5rem 0 .1rem; font-size: .85rem; color: var(--quiet); font-weight: 600; }
pre { margin: .2rem 0; padding: .5rem; background: var(--code); border-radius: 4px; overflow: auto;
  max-height: 30rem; font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .1rem .5rem; }
.speech { overflow-x: auto; } .speech > * { margin: .4rem 0; }
.speech :is(h1, h2, h3, h4, h5, h6) { font-size: 1.05rem; color: inherit; }
@media (max-width: 40rem) { .lane { grid-template-columns: 5.5rem 1fr; }
  .scale { padding-left: 5.5rem; } li.item.inside { margin-left: .7rem; }
  dl { grid-template-columns: minmax(4rem, 7rem) 1fr; } }
@media print { .tools { display: none; } pre { max-height: none; }
  li.item { break-inside: avoid; } }
"""
)

# The page says everything without it; it only folds and filters.
SCRIPT: Final = """
const tools = document.querySelector(".tools");
const [fold, words, count] = tools.children;
const items = [...document.querySelectorAll("li.item")];
tools.hidden = false;
let isOpen = false;
fold.addEventListener("click", () => {
  isOpen = !isOpen;
  for (const each of document.querySelectorAll("details")) each.open = isOpen;
  fold.textContent = isOpen ? "Fold all" : "Unfold all";
});
words.addEventListener("input", () => {
  const wanted = words.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const item of items) {
    const text = item.textContent.toLowerCase();
    item.hidden = !wanted.every((word) => text.includes(word));
    shown += !item.hidden;
  }
  count.textContent = wanted.length ? `${shown} of ${items.length}` : "";
});
"""
