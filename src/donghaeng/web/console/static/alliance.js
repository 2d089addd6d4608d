// A table of the alliance, sent as the whole body; the answer names every row that could not be used.

const at = (id) => document.getElementById(id);
const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];

at("tables")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = at("file").files;
  const shown = at("imported");
  shown.textContent = "보내고 있어요.";
  try {
    const answer = await fetch(`/console/tower/alliance/files/${at("kind").value}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/octet-stream",
        "X-CSRF-Token": csrf,
        "HX-Request": "true",
        "HX-Current-URL": location.href,
        "X-File-Name": encodeURIComponent(file.name),
      },
      body: file,
    });
    const login = answer.headers.get("HX-Redirect");
    if (login) {
      location.assign(login);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    shown.replaceChildren(...page.body.childNodes);
  } catch {
    shown.textContent = "서버와 연결이 끊겼어요. 다시 넣어 주세요. 이미 들어간 줄은 두 번 들어가지 않아요.";
  }
});
