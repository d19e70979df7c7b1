// Light/dark switch, copy buttons, where one is in the contents: not needed to read.
{
  const root = document.documentElement, { dataset } = root, { copy, copied } = document.currentScript.dataset;
  let store = {};
  try { store = localStorage; } catch {}
  if (store.mlnotes) dataset.scheme = store.mlnotes;
  dataset.scripted = "";  // the switch has its place before anything is drawn

  addEventListener("DOMContentLoaded", () => {
    const all = (selector) => document.querySelectorAll(selector);
    const paint = () => all("meta[name=theme-color]").forEach((meta) => {
      if (dataset.scheme) meta.content = getComputedStyle(document.body).backgroundColor;
    });
    paint();
    for (const toggle of all(".scheme-toggle")) toggle.onclick = () => {
      dataset.scheme ||= matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light";
      store.mlnotes = dataset.scheme = dataset.scheme == "dark" ? "light" : "dark";
      paint();
    };

    if (copy && navigator.clipboard) {
      document.body.insertAdjacentHTML("beforeend", '<p class=visually-hidden role=status>');
      const said = document.body.lastChild;
      for (const pre of all(".prose pre")) {
        if (pre.closest(".linenos, .linenodiv")) continue;
        pre.insertAdjacentHTML("afterend", '<div class=copy-box><button class=copy type=button>');
        const box = pre.nextSibling, tool = box.firstChild;
        box.prepend(pre);
        tool.append(copy);
        if (!/\n/.test(pre.textContent.trim())) box.className += " copy-box--line";
        tool.onclick = async () => {
          const code = pre.cloneNode(true);
          code.querySelectorAll(".linenos, .lineno").forEach((number) => number.remove());
          code.querySelectorAll("br").forEach((end) => end.replaceWith("\n"));
          await navigator.clipboard.writeText(code.textContent.trimEnd());
          said.textContent = tool.textContent = copied;
          setTimeout(() => { tool.textContent = copy; said.textContent = ""; }, 2000);
        };
      }
    }

    const links = CSS.supports("selector(:target-current)") ? [] : [...all(".toc a")];
    const heads = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const mark = () => {
      const at = heads.findLastIndex((head) => head && head.getBoundingClientRect().top < innerHeight / 3);
      links.forEach((link, n) => n == at ? link.ariaCurrent = "location" : link.removeAttribute("aria-current"));
    };
    const seen = new IntersectionObserver(mark, { rootMargin: "0px 0px -66%" });
    for (const head of heads) if (head) seen.observe(head);
  });
}
