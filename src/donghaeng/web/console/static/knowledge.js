// Files of the documents' pages: chosen or dropped, sent one after the other, each with how far it is.

const WORDS = {
  waiting: "차례를 기다려요",
  sending: "보내고 있어요",
  reading: "읽고 있어요. 긴 문서는 1분까지 걸려요",
  line: "서버와 연결이 끊겼어요. 다시 올려 주세요. 이미 들어간 파일은 두 번 들어가지 않아요.",
  server: "서버가 받지 못했어요. 잠시 뒤에 다시 올려 주세요.",
};
const at = (id) => document.getElementById(id);
const form = at("upload");
const ADDRESS = form.dataset.address ?? "/console/knowledge/files";
const chooser = at("files");
const drop = at("drop");
const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];

function said(words, outcome = "refused") {
  const line = document.createElement("p");
  line.className = outcome === "refused" ? "alert" : "";
  line.dataset.outcome = outcome;
  line.textContent = words;
  return line;
}

// One file's line: its name, and below it how far it is or what came of it.
function lineOf(file) {
  const item = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", `${file.name} 보내기`);
  bar.max = Math.max(file.size, 1);
  bar.value = 0;
  const words = document.createElement("span");
  words.textContent = WORDS.waiting;
  item.append(name, " ", bar, " ", words);
  at("uploads").append(item);
  return {
    sent(bytes) {
      bar.value = bytes;
      words.textContent = WORDS.sending;
    },
    reads() {
      bar.removeAttribute("value");
      words.textContent = WORDS.reading;
    },
    ends(result) {
      bar.remove();
      words.remove();
      item.append(result);
      return result.dataset.outcome !== "refused";
    },
  };
}

function result(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  return page.querySelector("[data-outcome]") ?? said(WORDS.server);
}

function send(file, line, details) {
  const most = Number(form.dataset.mostMb);
  if (file.size > most * 1024 * 1024) {
    return Promise.resolve(line.ends(said(`파일이 너무 커요. ${most}MB까지 읽어요. 나누어서 올려 주세요.`)));
  }
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", ADDRESS);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("HX-Current-URL", location.href);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("X-Details", details);
    request.upload.addEventListener("progress", (event) => line.sent(event.loaded));
    request.upload.addEventListener("load", () => line.reads());
    request.addEventListener("error", () => done(line.ends(said(WORDS.line))));
    request.addEventListener("load", () => {
      const login = request.getResponseHeader("HX-Redirect");
      if (login) location.assign(login);
      else done(line.ends(result(request)));
    });
    request.send(file);
  });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const details = new URLSearchParams(new FormData(form)).toString();
  const files = [...chooser.files];
  const button = form.querySelector("button");
  button.disabled = true;
  at("uploads").replaceChildren();
  at("uploaded").textContent = `파일 ${files.length}개를 올리고 있어요.`;
  const lines = files.map(lineOf);
  let taken = 0;
  for (const [number, file] of files.entries()) taken += await send(file, lines[number], details);
  const refused = files.length - taken;
  at("uploaded").textContent = `${taken}개를 넣었어요.${refused ? ` ${refused}개는 넣지 못했어요.` : ""}`;
  chooser.value = "";
  button.disabled = false;
  if (at("shelf")) window.htmx.trigger("#shelf", "refresh");
});

for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  const dropped = event.dataTransfer.files;
  if (!dropped.length) return;
  if (!chooser.multiple && dropped.length > 1) {
    at("uploaded").textContent = "새 판은 파일 하나예요. 하나만 놓아 주세요.";
    return;
  }
  chooser.files = dropped;
  at("uploaded").textContent = `파일 ${dropped.length}개를 골랐어요. ${form.dataset.next ?? "부서를 적고 올리기를 눌러 주세요."}`;
});
// A file dropped beside it would open in place of the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
