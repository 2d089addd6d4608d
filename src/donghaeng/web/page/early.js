// Runs before the first paint, so that a kiosk or a citizen who chose large type never sees the page jump.
(() => {
  "use strict";
  const root = document.documentElement;
  const parameters = new URLSearchParams(location.search);
  const kiosk = ["", "1"].includes(parameters.get("kiosk"));
  root.dataset.channel = kiosk ? "kiosk" : "web";
  let kept = {};
  try {
    kept = kiosk ? {} : JSON.parse(localStorage.getItem("donghaeng.preferences") ?? "{}") ?? {};
  } catch {
    kept = {};
  }
  if ([1.3, 1.5, 2].includes(kept.zoom)) {
    root.dataset.zoom = String(kept.zoom);
    root.style.setProperty("--zoom", String(kept.zoom));
  }
  const wanted = matchMedia("(prefers-contrast: more)").matches ? "high" : "normal";
  root.dataset.contrast = ["high", "normal"].includes(kept.contrast) ? kept.contrast : wanted;

  // A kiosk's screen in millimetres: `mm`, its pixels in one, or `inch`, its diagonal; `floor`, how high its
  // lower edge stands. Up to 280 mm across it is a small kiosk (KS X 9211), and 1,220 mm is as high as a
  // citizen in a wheelchair reaches.
  const number = (name, low, high) => {
    const value = Number.parseFloat(parameters.get(name));
    return value >= low && value <= high ? value : null;
  };
  const across = Math.hypot(screen.width, screen.height);
  const inch = number("inch", 5, 120);
  const perMm = number("mm", 0.5, 40) ?? (inch && across / (inch * 25.4));
  if (kiosk && perMm) {
    root.dataset.scale = across / perMm <= 280 ? "small" : "large";
    root.style.setProperty("--mm", `${perMm.toFixed(4)}px`);
    const floor = number("floor", 0, 1200);
    if (floor !== null) {
      root.dataset.reach = "low";
      root.style.setProperty("--reach", `${Math.round((1220 - floor) * perMm)}px`);
    }
  }
})();
