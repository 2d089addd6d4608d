// Brings the chat of another page's frame to life: every control with what it does, and the words with that page.

import { Preferences } from "./preferences.js";
import { Chat } from "./widget-chat.js";
import { COMMANDS, LABELS } from "./words.js";

const at = (id) => document.getElementById(id);
const onClick = (id, action) => at(id).addEventListener("click", () => void action());

// To whatever page shows this frame: that it may close it, never what is said in it.
const tell = (what) => parent !== window && parent.postMessage(`donghaeng:${what}`, "*");

const chat = new Chat({ onNews: () => tell("news") });
const preferences = new Preferences({ kiosk: false });

function showPreferences() {
  at("larger").textContent = preferences.largest ? LABELS.normalType : LABELS.larger;
  at("contrast").setAttribute("aria-pressed", String(preferences.contrast === "high"));
}

onClick("close", () => tell("close"));
onClick("counsellor", () => chat.say(COMMANDS.counsellor));
onClick("back", () => chat.say(COMMANDS.back));
onClick("home", () => (chat.open ? at("leave").showModal() : chat.restart()));
onClick("leave-no", () => at("leave").close());
onClick("leave-yes", () => {
  at("leave").close();
  chat.restart();
});
onClick("larger", () => {
  chat.state(preferences.nextZoom());
  showPreferences();
});
onClick("contrast", () => {
  preferences.toggleContrast();
  showPreferences();
});
// What could not be sent stays where it was written.
at("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = at("text").value.trim();
  if (!words || chat.busy) {
    if (words) void chat.say(words);
    return;
  }
  at("text").value = "";
  if (!(await chat.say(words)) && !at("text").value) at("text").value = words;
});
document.addEventListener("click", ({ target }) => {
  const said = target.closest?.("[data-say]")?.dataset.say;
  if (said) void chat.say(said);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !at("leave").open) tell("close");
});
window.addEventListener("message", (event) => {
  if (event.source === parent && event.data === "donghaeng:opened") at("text").focus();
});

at("fleeting").hidden = chat.talk.lasts;
showPreferences();
void chat.begin();
document.documentElement.dataset.ready = "true";
tell("ready");
