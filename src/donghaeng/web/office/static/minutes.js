// Minutes: a recording is sent with how far it is, and a moment is heard where it is pressed.

const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-at]");
  const sound = document.getElementById("sound");
  if (!button || !sound) return;
  sound.currentTime = Number(button.dataset.at);
  sound.play().catch(() => {}); // a browser without this format says so in the player
});

const form = document.getElementById("recording");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const file = document.getElementById("file").files[0];
  const words = document.getElementById("sending");
  const bar = document.getElementById("sent");
  const button = form.querySelector("button[type=submit]");
  const most = Number(form.dataset.mostMb);
  if (file.size > most * 1024 * 1024) {
    words.textContent = `파일이 너무 커요. ${most}MB까지 받아요. MP3나 M4A로 바꾸거나 나누어서 올려 주세요.`;
    return;
  }
  const details = new URLSearchParams();
  for (const [name, value] of new FormData(form)) details.append(name, value);
  const request = new XMLHttpRequest();
  request.open("POST", "/office/minutes/files");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("X-CSRF-Token", csrf);
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("HX-Current-URL", location.href);
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
  request.setRequestHeader("X-Details", details.toString());
  bar.hidden = false;
  button.disabled = true;
  words.textContent = "보내고 있어요";
  request.upload.addEventListener("progress", (sent) => {
    bar.value = sent.total ? (100 * sent.loaded) / sent.total : 0;
  });
  const refused = (told) => {
    words.textContent = told;
    bar.hidden = true;
    button.disabled = false;
  };
  request.addEventListener("error", () => refused("서버와 연결이 끊겼어요. 다시 올려 주세요."));
  request.addEventListener("load", () => {
    const next = request.getResponseHeader("HX-Redirect");
    if (next) {
      location.assign(next);
      return;
    }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const told = answer.querySelector(".alert")?.firstChild?.textContent?.trim();
    refused(told || "서버가 받지 못했어요. 잠시 뒤에 다시 올려 주세요.");
  });
  request.send(file);
});
