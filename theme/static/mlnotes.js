// Light/dark switch, copy buttons: not needed to read.
{
  const root = document.documentElement.dataset, { copy, copied } = document.currentScript.dataset;
  let store = {};
  try { store = localStorage; } catch {}
  if (store.mlnotes) root.scheme = store.mlnotes;

  addEventListener("DOMContentLoaded", () => {
    const toggle = document.querySelector(".scheme-toggle") ?? {};
    toggle.hidden = false;
    toggle.onclick = () => {
      root.scheme ||= matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light";
      store.mlnotes = root.scheme = root.scheme == "dark" ? "light" : "dark";
    };
    for (const pre of document.querySelectorAll(copy && ".prose pre")) {
      pre.insertAdjacentHTML("afterend", '<div class=copy-box><button class=copy>');
      pre.nextSibling.prepend(pre);
      const tool = pre.nextSibling;
      tool.append(copy);
      tool.onclick = async () => {
        await navigator.clipboard.writeText(pre.innerText);
        tool.textContent = copied;
      };
    }
  });
}
