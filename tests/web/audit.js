// What the page must keep in every size and mode, measured in the browser itself.
() => {
  const visible = (node) => {
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return box.width > 1 && box.height > 1 && style.visibility === "visible" && !node.closest("[hidden], .skip, .said-state, .symbols");
  };
  const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = (value) => {
      const v = value / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const label = (node) =>
    node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent || node.title;

  const texts = [...document.body.querySelectorAll("*")].filter(
    (node) => visible(node) && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()),
  );
  const controls = [...document.querySelectorAll("button, a[href], input, select, summary")].filter(visible);
  return {
    smallest: Math.min(...texts.map((node) => parseFloat(getComputedStyle(node).fontSize))),
    faint: texts
      .map((node) => [node.textContent.trim().slice(0, 20), contrast(parse(getComputedStyle(node).color), ground(node))])
      .filter(([, ratio]) => ratio < 4.5),
    short: controls
      .map((node) => [label(node).trim().slice(0, 20), Math.min(node.getBoundingClientRect().height, node.getBoundingClientRect().width)])
      .filter(([, side]) => side < TARGET),
    cut: [...controls, ...texts]
      .filter((node) => node.tagName !== "SELECT" && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0 && getComputedStyle(node).display !== "inline")
      .map((node) => node.textContent.trim().slice(0, 20)),
    broken: [...document.querySelectorAll(".tool, .badge, .counsellor span, #microphone-label")].filter((node) => {
      const range = document.createRange();
      const words = node.firstChild;
      return words.data.split(" ").some((word) => {
        range.setStart(words, words.data.indexOf(word));
        range.setEnd(words, words.data.indexOf(word) + word.length);
        return range.getClientRects().length > 1;
      });
    }).map((node) => node.textContent),
    wide: document.documentElement.scrollWidth - innerWidth,
    nameless: controls.filter((node) => !label(node)?.trim()).map((node) => node.outerHTML.slice(0, 80)),
  };
}
