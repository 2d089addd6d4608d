// Brings the citizen page to life: every control with what it does.

import { takeCallsOver } from "./call.js";
import { Kiosk } from "./kiosk.js";
import { Page } from "./page.js";
import { BEGINNINGS, COMMANDS } from "./words.js";

const kiosk = document.documentElement.dataset.channel === "kiosk" ? new Kiosk() : null;
const page = new Page({
  kiosk: kiosk !== null,
  onBusy: (on) => kiosk?.busy(on),
  onActivity: () => kiosk?.activity(),
  onRestart: () => kiosk?.sleep(),
});
const at = (id) => document.getElementById(id);
const onClick = (id, action) => at(id).addEventListener("click", () => void action());

onClick("microphone", () => page.pressed());
// A held Enter would press again and again; Space presses when it is let go.
at("microphone").addEventListener("keydown", (event) => event.repeat && event.preventDefault());
onClick("counsellor", () => page.say(COMMANDS.counsellor));
onClick("mute", async () => {
  await page.microphone.close();
  page.show();
  at("microphone").focus();
});
onClick("again", () => page.tools.again());
onClick("slower", () => page.say(COMMANDS.slower));
onClick("quieter", () => page.tools.quieter());
onClick("louder", () => page.tools.louder());
onClick("larger", () => page.tools.larger());
onClick("contrast", () => page.tools.contrast());
onClick("write", () => page.tools.toggle("write", "text-panel"));
onClick("place", () => page.tools.toggle("place", "place-panel"));
onClick("home", () => page.home());
onClick("finish", () => page.home());
onClick("locate", () => page.place.locate(() => page.talk.now));
onClick("forget", () => page.forget());
onClick("leave-no", () => at("leave").close());
onClick("leave-yes", () => {
  at("leave").close();
  page.restart();
});
at("cue").addEventListener("change", ({ target }) => page.preferences.chooseCue(target.checked));
at("district").addEventListener("change", ({ target }) => page.place.choose(target.value, page.talk.now));
at("text-panel").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = at("text").value.trim();
  if (!words) return;
  at("text").value = "";
  void page.say(words);
});
document.addEventListener("click", ({ target }) => {
  const said = target.closest?.("[data-say]")?.dataset.say;
  if (said) void page.say(said);
});
// A sound that was interrupted may only begin again within a gesture.
for (const gesture of ["touchend", "click", "keydown"]) {
  document.addEventListener(gesture, () => page.touched(), { capture: true, passive: true });
}
takeCallsOver(page);
page.tools.showPreferences();
kiosk?.begin(page);
const wanted = BEGINNINGS[new URLSearchParams(location.search).get("begin")];
if (wanted) {
  // Once: whoever loads the page again goes on where they were.
  history.replaceState(null, "", location.pathname);
  void page.say(wanted);
}
document.documentElement.dataset.ready = "true";
