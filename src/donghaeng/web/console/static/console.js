// What every page of the console does: choose strong colours, put messages away.

const KEY = "donghaeng.preferences";
const root = document.documentElement;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

const button = document.getElementById("contrast");
const show = () => button.setAttribute("aria-pressed", String(root.dataset.contrast === "high"));
button.addEventListener("click", () => {
  root.dataset.contrast = root.dataset.contrast === "high" ? "normal" : "high";
  localStorage.setItem(KEY, JSON.stringify({ ...kept(), contrast: root.dataset.contrast }));
  show();
});
show();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) document.getElementById("alert").replaceChildren();
});

// A line that broke gives no answer to show, so the page says it itself.
document.addEventListener("htmx:sendError", () => {
  const words = document.createElement("p");
  words.className = "alert";
  words.textContent = "서버와 연결이 끊겼어요. 다시 이어지면 그대로 쓰실 수 있어요.";
  document.getElementById("alert").replaceChildren(words);
});
document.addEventListener("htmx:afterOnLoad", (event) => {
  const { xhr, requestConfig, target } = event.detail;
  const told = target?.id === "alert"; // what this request put there stays
  if (xhr.status < 400 && requestConfig.verb === "post" && !told) document.getElementById("alert").replaceChildren();
});

// After every module of the page.
document.addEventListener("DOMContentLoaded", () => {
  root.dataset.ready = "";
});
