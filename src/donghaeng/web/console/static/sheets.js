// A table sent as the whole body of a form with data-sends; the answer names every row that could not be used.

const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-sends]");
  if (!form) {
    return;
  }
  event.preventDefault();
  const [file] = form.querySelector("input[type=file]").files;
  const shown = document.getElementById(form.dataset.shown);
  shown.textContent = "보내고 있어요.";
  try {
    const answer = await fetch(form.dataset.sends + (form.querySelector("select")?.value ?? ""), {
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
    shown.textContent = "서버와 연결이 끊겼어요. 다시 보내 주세요. 이미 들어간 것은 두 번 들어가지 않아요.";
  }
});
