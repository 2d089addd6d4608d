// A file of evidence: sent as the whole body of a request, with the form beside it in a header.

const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
const LINE = "서버와 연결이 끊겼어요. 다시 올려 주세요.";

function told(words) {
  const line = document.createElement("p");
  line.className = "alert";
  line.textContent = words;
  document.getElementById("alert").replaceChildren(line);
}

async function send(form, file) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(form.dataset.fileAddress, {
      method: "POST",
      body: file,
      headers: {
        "Content-Type": "application/octet-stream",
        "X-CSRF-Token": csrf,
        "HX-Request": "true",
        "HX-Current-URL": location.href,
        "X-File-Name": encodeURIComponent(file.name),
        "X-Details": new URLSearchParams(new FormData(form)).toString(),
      },
    });
    const login = answer.headers.get("HX-Redirect");
    if (login) return location.assign(login);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.getElementById("subject");
    if (!part) return document.getElementById("alert").replaceChildren(...page.body.children);
    document.getElementById("alert").replaceChildren();
    document.getElementById("subject").replaceWith(part);
    window.htmx.process(part);
  } catch {
    told(LINE);
  } finally {
    button.disabled = false;
  }
}

// Before htmx hears of it: a form with a file goes another way.
document.addEventListener(
  "submit",
  (event) => {
    const file = event.target.querySelector?.("input[type=file]")?.files[0];
    if (!event.target.dataset.fileAddress || !file) return;
    event.preventDefault();
    event.stopPropagation();
    void send(event.target, file);
  },
  true,
);
