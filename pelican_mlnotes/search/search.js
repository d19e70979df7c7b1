// Search: looks up what a reader types in the index that stands beside this file. All words come from the form.
{
  const here = new URL(".", document.currentScript.src).href;
  const form = document.querySelector(".mlnotes-search");
  const say = form.dataset;
  const { q: input, topic: topicBox, lang: langBox } = form.elements;
  const status = form.querySelector(".mlnotes-search__status");
  const list = document.querySelector(".mlnotes-search__results");
  const more = document.querySelector(".mlnotes-search__more");
  const PAGE = 10, SECTIONS = 3, EXCERPT = 32;
  const ownLang = (form.closest("[lang]")?.lang || "en").toLowerCase().split("-")[0];

  // Scripts without spaces: each of their characters is a word of the index.
  const LETTER = "\\u3041-\\u309f\\u30a1-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}";
  const letter = new RegExp(`[${LETTER}]`, "u");
  const between = new RegExp(`(?<=(?:[${LETTER}]|[^\\p{L}\\p{N}\\s>])(?:</mark>)?) (?=(?:<mark>)?[${LETTER}])`, "gu");
  const unspaced = text => text.replace(between, "").replaceAll("</mark><mark>", "");
  const spaced = text => text.replace(new RegExp(`(?<=\\S)(?=[${LETTER}])|(?<=[${LETTER}])(?=[\\p{L}\\p{N}_])`, "gu"), " ");

  // From files on disk, browsers let no script read an index.
  const isServed = location.protocol !== "file:";
  let loading, latest = 0, shown = [];
  const engines = {};

  const load = () => loading ??= (async () => {
    const [pagefind, index] = await Promise.all([
      import(here + "pagefind.js"),
      fetch(here + "topics.json").then(answer => answer.json()),
    ]);
    for (const lang in index) index[lang].posts = index[lang].posts.map(id => `${lang}_${id}`);
    return { pagefind, index };
  })();

  // One for each language. Pagefind takes the language of the page when it is made, and lets no one choose.
  const engine = (pagefind, lang) => {
    if (!engines[lang]) {
      const root = document.documentElement, given = root.getAttribute("lang");
      root.setAttribute("lang", lang);
      engines[lang] = pagefind.createInstance({ noWorker: true, excerptLength: EXCERPT * (lang === "zh" || lang === "ja" ? 2 : 1) });
      given === null ? root.removeAttribute("lang") : root.setAttribute("lang", given);
    }
    return engines[lang];
  };

  // Results with all of the terms, best first, newest first among equals.
  const withAll = async (search, terms, posts) => {
    const found = await Promise.all(terms.map(term => search.search(term).then(answer => answer.results)));
    const scores = found.map(results => new Map(results.map(result => [result.id, result.score])));
    const places = new Map(posts.map((id, place) => [id, place]));
    return (found[0] ?? []).filter(({ id }) => scores.every(each => each.has(id)))
      .map(result => [result, scores.reduce((sum, each) => sum + each.get(result.id), 0)])
      .sort(([a, one], [b, other]) => other - one || places.get(a.id) - places.get(b.id))
      .map(([result]) => result);
  };

  const lookUp = async (search, lang, query, posts) => {
    if (!letter.test(query)) return withAll(search, [query], posts);
    // What stands between spaces is a phrase of the characters in it.
    const phrases = words => words.map(word => letter.test(word) ? `"${spaced(word)}"` : word);
    const whole = await withAll(search, phrases(query.split(/\s+/)), posts);
    if (whole.length || !Intl.Segmenter) return whole;
    const parts = [...new Intl.Segmenter(lang, { granularity: "word" }).segment(query)];
    // Words of one character are mostly particles, which the text need not have.
    const words = parts.filter(part => part.isWordLike && part.segment.length > 1).map(part => part.segment);
    return withAll(search, phrases(words), posts);
  };

  const element = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = `mlnotes-search__${name}`;
    made.append(...children);
    return made;
  };

  const link = (href, text) => {
    const made = element("a", "", text);
    made.href = href;
    return made;
  };

  // Pagefind's excerpt has marks for its only markup, and "<" and ">" escaped.
  const marked = excerpt => unspaced(excerpt).split(/(<mark>.*?<\/mark>)/s).map(part => {
    const text = part.replace(/<\/?mark>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    return part.startsWith("<mark>") ? element("mark", "", text) : text;
  });

  // With dots where the text goes on.
  const excerptOf = ({ excerpt, content }) => {
    const parts = marked(excerpt), whole = unspaced(content);
    const text = parts.map(part => part.textContent ?? part).join("");
    return [whole.startsWith(text) ? "" : "… ", ...parts, whole.endsWith(text) ? "" : " …"];
  };

  const item = (found, lang) => {
    const { anchors, sub_results: parts } = found;
    const post = JSON.parse(decodeURIComponent(anchors.find(anchor => anchor.element === "a").id));
    const href = say.root + post.url;
    const made = element("li", "result", element("h2", "title", link(href, post.title)));
    const meta = element("p", "meta");
    if (post.date) {
      const date = element("time", "", post.date);
      date.dateTime = post.iso;
      meta.append(date, post.topics ? " · " : "");
    }
    if (post.topics) meta.append(post.topics.join(", "));
    if (meta.firstChild) made.append(meta);
    made.append(element("p", "excerpt", ...excerptOf(found)));
    const sections = parts.filter(part => part.anchor).slice(0, SECTIONS).map(part =>
      element("li", "", link(`${href}#${encodeURIComponent(part.anchor.id)}`, unspaced(part.anchor.text))));
    if (sections.length) made.append(element("ul", "sections", ...sections));
    if (lang !== ownLang) made.lang = lang;
    return made;
  };

  const itemsFrom = async (results, start, lang) => {
    const found = await Promise.all(results.slice(start, start + PAGE).map(result => result.data()));
    return found.map(data => item(data, lang));
  };

  const showMore = async () => {
    const ticket = latest, items = await itemsFrom(shown, list.children.length, langBox.value);
    if (ticket !== latest) return;
    list.append(...items);
    more.hidden = list.children.length >= shown.length;
    items[0].querySelector("a").focus();
  };

  const offer = (box, options, chosen) => {
    box.replaceChildren(...options.map(([value, text]) => new Option(text, value, false, value === chosen)));
    box.closest("label").hidden = options.length < 2;
  };

  const offerTopics = (results, { posts, topics }) => {
    const found = new Set(results.map(result => result.id));
    const counted = Object.entries(topics)
      .map(([topic, places]) => [topic, places.filter(place => found.has(posts[place])).length])
      .filter(([topic, count]) => count || topic === topicBox.value)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([topic, count]) => [topic, `${topic} (${count})`]);
    offer(topicBox, [["", say.all], ...counted], topicBox.value);
  };

  const show = (text, items = []) => {
    list.replaceChildren(...items);
    more.hidden = items.length >= shown.length;
    status.textContent = text;
  };

  const clear = text => {
    shown = [];
    show(text);
  };

  const search = async () => {
    const ticket = ++latest, query = input.value.trim().normalize("NFC");
    const address = new URL(location);
    for (const [name, value] of [["q", query], ["topic", topicBox.value], ["lang", langBox.value === ownLang ? "" : langBox.value]])
      query && value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
    if (!isServed) return clear(say.server);
    if (address.href !== location.href) history.replaceState(null, "", address);
    if (!query) return clear("");
    try {
      const { pagefind, index } = await load();
      const inLang = lang => lookUp(engine(pagefind, lang), lang, query, index[lang].posts);
      let lang = langBox.value, results = await inLang(lang);
      // What the language at hand lacks, another one may have.
      for (const other of Object.keys(index)) {
        if (results.length || topicBox.value) break;
        const found = await inLang(other);
        if (found.length) [lang, results] = [other, found];
      }
      const { posts, topics } = index[lang], all = results, topic = topicBox.value;
      if (topic) {
        const places = Object.hasOwn(topics, topic) ? topics[topic] : [];
        const kept = new Set(places.map(place => posts[place]));
        results = results.filter(result => kept.has(result.id));
      }
      const items = await itemsFrom(results, 0, lang);
      if (ticket !== latest) return;
      langBox.value = lang;
      shown = results;
      offerTopics(all, index[lang]);
      show((results.length ? say.found : say.none).replace("{n}", results.length).replace("{q}", () => query), items);
    } catch (error) {
      loading = undefined;
      console.error(error);
      if (ticket === latest) clear(say.failed);
    }
  };

  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(search, 150);
  };

  const start = async () => {
    const asked = new URL(location).searchParams;
    input.value ||= asked.get("q") ?? "";
    if (!isServed) return clear(say.server);
    const wanted = asked.get("topic") ?? "";
    offer(topicBox, [["", say.all], ...(wanted ? [[wanted, wanted]] : [])], wanted);
    offer(langBox, [[ownLang, ownLang]], ownLang);
    if (!input.value) return;
    await offerLanguages(asked.get("lang"));
    search();
  };

  let offered;
  const offerLanguages = asked => offered ??= load().then(({ index }) => {
    const size = lang => index[lang].posts.length;
    const langs = Object.keys(index).sort((a, b) => size(b) - size(a));
    const chosen = [asked, ownLang, langs[0]].find(lang => Object.hasOwn(index, lang ?? ""));
    const named = lang => {
      try { return new Intl.DisplayNames([lang], { type: "language" }).of(lang); } catch { return lang; }
    };
    offer(langBox, langs.map(lang => [lang, named(lang)]), chosen);
  }, error => {
    offered = loading = undefined;
    console.error(error);
    clear(say.failed);
  });

  form.addEventListener("submit", event => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  form.addEventListener("change", event => event.target !== input && search());
  input.addEventListener("input", async () => {
    if (isServed) await offerLanguages();
    later();
  });
  input.addEventListener("focus", () => isServed && offerLanguages());
  more.addEventListener("click", showMore);

  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inside = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !inside) {
      event.preventDefault();
      input.select();
      return;
    }
    const stops = [input, ...list.querySelectorAll(".mlnotes-search__title a")];
    const at = stops.indexOf(document.activeElement);
    if (at < 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && stops[at + step]) {
      event.preventDefault();
      stops[at + step].focus();
    } else if (event.key === "Escape" && at > 0) input.select();
  });

  start();
}
