// The page of forms: the file stays in the browser and goes along with each request; nothing of it is kept elsewhere.

const at = (id) => document.getElementById(id);
const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
const WORDS = {
  reading: "서식을 읽고 있어요.",
  line: "서버와 연결이 끊겼어요. 다시 해 주세요.",
  none: "서식 파일을 먼저 골라 주세요.",
};

const say = (words) => {
  at("form-told").textContent = words;
};

async function send(path, body) {
  const file = at("form-file").files[0];
  const headers = { "X-CSRF-Token": csrf, "HX-Request": "true", "X-File-Name": encodeURIComponent(file.name) };
  headers["Content-Type"] = "application/octet-stream";
  try {
    return await fetch(path, { method: "POST", body, headers });
  } catch {
    say(WORDS.line);
    return null;
  }
}

async function words(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.body.textContent.trim();
}

at("form-file").addEventListener("change", async () => {
  const file = at("form-file").files[0];
  at("blanks").replaceChildren();
  if (!file) return;
  say(WORDS.reading);
  const answer = await send("/office/forms/blanks", file);
  if (!answer) return;
  if (!answer.ok) {
    say(await words(answer));
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  at("blanks").replaceChildren(...page.body.children);
  say("");
  at("blanks").querySelector("input")?.focus();
});

at("blanks").addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = at("form-file").files[0];
  if (!file) {
    say(WORDS.none);
    return;
  }
  const values = {};
  for (const input of at("blanks").querySelectorAll("input[data-label]")) values[input.dataset.label] = input.value;
  if (at("more-label").value.trim()) values[at("more-label").value.trim()] = at("more-value").value;
  const answer = await send("/office/forms/fill", new Blob([JSON.stringify(values), "\n", file]));
  if (!answer) return;
  if (!answer.ok) {
    say(await words(answer));
    return;
  }
  const missing = decodeURIComponent(answer.headers.get("X-Missing") ?? "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = file.name.replace(/\.hwpx$/i, "_채움.hwpx");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  const filled = `${answer.headers.get("X-Filled")}칸을 채워 내려받았어요.`;
  say(missing ? `${filled} 이 서식에서 찾지 못한 이름표: ${missing}` : filled);
});
