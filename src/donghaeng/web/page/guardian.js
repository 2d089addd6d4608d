// What a child or social worker sees: receipt, service, status, dates. The session lies in a cookie that no script reads.

import { element } from "./cards.js";
import { Preferences } from "./preferences.js";

const WORDS = {
  __proto__: null,
  accepted: "접수됐어요",
  assigned: "맡을 부서가 정해졌어요",
  in_progress: "지금 처리하고 있어요",
  done: "처리가 끝났어요",
  cancelled: "취소됐어요",
  receipt: (number) => `접수번호 ${number}`,
  made: (day) => `신청한 날 ${day}`,
  taken: (day) => `취소한 날 ${day}`,
  until: (day) => `${day}까지 볼 수 있어요. 신청하신 분이 언제든 그만 보시게 할 수 있어요.`,
  lost: "지금은 볼 수 없어요. 잠시 뒤에 다시 해 주세요.",
  wrong: "번호 여섯 자리를 넣어 주세요.",
};
const UNKNOWN = 401;
const GONE = 410;
const at = (id) => document.getElementById(id);
const day = new Intl.DateTimeFormat("ko-KR", { dateStyle: "long", timeZone: "Asia/Seoul" });

function notice(words) {
  at("notice").textContent = words ?? "";
  at("notice").hidden = !words;
}

function show(name, focus) {
  for (const one of ["code-form", "view", "ended"]) at(one).hidden = one !== name;
  if (focus) at(focus).focus();
}

function call(path, method = "GET", body) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  return fetch(`/v1/guardian${path}`, { method, headers, body: body && JSON.stringify(body) });
}

function row(seen) {
  const item = element("li", { "data-testid": "row" });
  const lines = [WORDS.receipt(seen.receipt), WORDS.made(day.format(new Date(seen.made_at)))];
  if (seen.cancelled_at) lines.push(WORDS.taken(day.format(new Date(seen.cancelled_at))));
  item.append(
    element("strong", { text: `${seen.service}: ${WORDS[seen.status]}` }),
    ...lines.map((text) => element("span", { text })),
  );
  return item;
}

async function look(focus) {
  notice(null);
  let answer;
  try {
    answer = await call("/requests");
  } catch {
    notice(WORDS.lost);
    return;
  }
  if (answer.status === UNKNOWN) {
    show("code-form", focus && "code");
  } else if (answer.status === GONE) {
    show("ended", "ended-title");
  } else if (!answer.ok) {
    notice(WORDS.lost);
  } else {
    const view = await answer.json();
    at("until").textContent = WORDS.until(day.format(new Date(view.until)));
    at("rows").replaceChildren(...view.requests.map(row));
    at("none").hidden = view.requests.length > 0;
    show("view", focus && "view-title");
  }
}

at("code-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = at("code").value.trim();
  if (code.length < 6) {
    notice(WORDS.wrong);
    at("code").focus();
    return;
  }
  try {
    const answer = await call("/sessions", "POST", { code });
    if (answer.ok) {
      at("code").value = "";
      await look(true);
    } else {
      notice((await answer.json()).title);
      at("code").focus();
    }
  } catch {
    notice(WORDS.lost);
  }
});

at("again").addEventListener("click", () => void look(true));
at("anew").addEventListener("click", () => show("code-form", "code"));
at("leave").addEventListener("click", async () => {
  try {
    await call("/sessions/mine", "DELETE");
    await look(true);
  } catch {
    notice(WORDS.lost);
  }
});

const preferences = new Preferences({ kiosk: false });
const pressed = () => at("contrast").setAttribute("aria-pressed", String(preferences.contrast === "high"));
at("larger").addEventListener("click", () => preferences.nextZoom());
at("contrast").addEventListener("click", () => {
  preferences.toggleContrast();
  pressed();
});
pressed();
void look(false);
