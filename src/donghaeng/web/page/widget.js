// The button of another page, and the frame that it opens. All that a citizen writes stays inside the frame, which
// belongs to the agent: this script and the page around it see none of it. No style and no script is written into
// the page, so that it works under a policy that forbids both inline.
(() => {
  "use strict";
  const NAME = "donghaeng-widget";
  const OPEN = "donghaeng.widget.open";
  const PATIENCE_MS = 15_000;
  const WORDS = {
    news: "새 답이 왔어요",
    button: "동행에게 물어보기",
    hint: "인공지능 상담",
    frame: "동행 상담 (인공지능)",
    failed: "지금은 연결되지 않아요. 잠시 후 다시 눌러 주세요. 급하시면 120으로 전화하세요.",
    close: "닫기",
  };
  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button {
      min-height: 56px; padding: 8px 20px; border: 2px solid #ffffff; border-radius: 28px; cursor: pointer;
      background: #0b50d0; color: #ffffff; line-height: 1.3; word-break: keep-all; touch-action: manipulation;
      font: 700 20px "Pretendard GOV", Pretendard, "Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif;
    }
    button:focus-visible { outline: 4px solid #0b50d0; outline-offset: 3px; box-shadow: 0 0 0 3px #ffffff; }
    small { display: block; font-size: 19px; font-weight: 400; }
    .open { position: fixed; inset: auto 16px 16px auto; z-index: 2147483646; box-shadow: 0 2px 12px rgb(0 0 0 / 40%); }
    .panel {
      position: fixed; inset: auto 16px 16px auto; z-index: 2147483647; display: flex; flex-direction: column;
      width: min(480px, calc(100vw - 32px)); height: min(780px, calc(100dvh - 32px)); overflow: hidden;
      border: 2px solid #58616a; border-radius: 16px; background: #ffffff; color: #1e2124;
      font: 400 20px/1.5 "Pretendard GOV", Pretendard, "Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif;
    }
    iframe { flex: 1; width: 100%; border: 0; }
    .failed { display: grid; gap: 16px; align-content: center; flex: 1; margin: 0; padding: 24px; font-weight: 700; }
    @media (max-width: 519px) { .panel { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; } }
    @media (forced-colors: active) { button, .panel { border-color: ButtonBorder; } }
  `;

  const script = document.currentScript;
  if (!script || document.querySelector(NAME)) return;
  const { origin } = new URL(script.src);

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const host = document.createElement(NAME);
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const hint = element("small", { textContent: WORDS.hint });
  hint.setAttribute("role", "status");
  const opener = element("button", { type: "button", className: "open", textContent: WORDS.button }, hint);
  const closer = element("button", { type: "button", textContent: WORDS.close });
  const failure = element("p", { className: "failed", textContent: WORDS.failed, hidden: true }, closer);
  failure.setAttribute("role", "alert");
  const panel = element("div", { className: "panel", hidden: true }, failure);
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", WORDS.frame);
  opener.setAttribute("aria-haspopup", "dialog");
  root.append(opener, panel);

  let frame = null;
  let ready = false;
  let waiting = 0;

  // Before it is ready the frame belongs to nobody, and hears nothing.
  const tell = (what) => ready && frame?.contentWindow?.postMessage(`donghaeng:${what}`, origin);

  // Nothing is asked of the agent before somebody opens the chat.
  const load = () => {
    ready = false;
    frame = element("iframe", { title: WORDS.frame, src: `${origin}/widget`, allow: "" });
    panel.prepend(frame);
    clearTimeout(waiting);
    waiting = setTimeout(() => ready || fail(), PATIENCE_MS);
  };

  const fail = () => {
    frame?.remove();
    frame = null;
    failure.hidden = false;
  };

  const remember = (open) => {
    try {
      if (open) sessionStorage.setItem(OPEN, "1");
      else sessionStorage.removeItem(OPEN);
    } catch {
      // A page that may keep nothing opens closed.
    }
  };

  const open = (focus) => {
    failure.hidden = true;
    panel.hidden = false;
    opener.hidden = true;
    hint.textContent = WORDS.hint;
    remember(true);
    if (!frame) load();
    if (!focus) return;
    frame.focus();
    tell("opened");
  };

  const close = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    opener.hidden = false;
    remember(false);
    opener.focus();
  };

  opener.addEventListener("click", () => open(true));
  closer.addEventListener("click", close);
  root.addEventListener("keydown", (event) => event.key === "Escape" && close());
  window.addEventListener("message", (event) => {
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
    if (event.data === "donghaeng:ready") {
      ready = true;
      if (root.activeElement === frame) tell("opened");
    } else if (event.data === "donghaeng:close") {
      close();
    } else if (event.data === "donghaeng:news" && panel.hidden) {
      hint.textContent = WORDS.news;
    }
  });

  const begin = () => {
    document.body.append(host);
    try {
      if (sessionStorage.getItem(OPEN)) open(false);
    } catch {
      // Nothing was kept.
    }
  };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
