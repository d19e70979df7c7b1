// Two comforts that nobody needs to read: a light/dark switch and copy buttons for code.
(() => {
  const me = document.currentScript, root = document.documentElement, key = "mlnotes-scheme";
  const saved = (value) => { try { return value ? localStorage.setItem(key, value) : localStorage.getItem(key); } catch { return null; } };
  const before = saved();
  if (before === "light" || before === "dark") root.dataset.scheme = before;
  const ready = () => {
    const toggle = document.querySelector(".scheme-toggle");
    if (toggle) {
      toggle.hidden = false;
      toggle.onclick = () => {
        const dark = root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        saved(root.dataset.scheme = dark ? "light" : "dark");
      };
    }
    for (const pre of document.querySelectorAll(".prose pre")) {
      const box = document.createElement("div"), button = document.createElement("button");
      box.className = "copy-box";
      button.className = "copy";
      button.type = "button";
      button.textContent = me.dataset.copy;
      button.onclick = () => navigator.clipboard.writeText(pre.textContent).then(() => { button.textContent = me.dataset.copied; });
      pre.replaceWith(box);
      box.append(pre, button);
    }
  };
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", ready) : ready();
})();
