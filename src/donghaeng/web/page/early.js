// Runs before the first paint, so that a kiosk or a citizen who chose large type never sees the page jump.
(() => {
  "use strict";
  const root = document.documentElement;
  const kiosk = new URLSearchParams(location.search).get("kiosk") === "1";
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
})();
