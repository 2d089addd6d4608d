// A telephone call that goes on here: the six digits that were said in it bring its conversation to this page.

import * as api from "./api.js";
import { NOTICES } from "./words.js";

const at = (id) => document.getElementById(id);

export function takeCallsOver(page) {
  at("call").addEventListener("click", () => page.toggle("call", "call-panel"));
  at("call-panel").addEventListener("submit", async (event) => {
    event.preventDefault();
    page.view.notice(null);
    try {
      const reply = await api.continueCall(at("code").value.trim());
      at("code").value = "";
      page.openPanel("call", "call-panel", false);
      page.takeOver(reply);
    } catch (error) {
      if (error instanceof api.ApiProblem) page.view.notice(error.message);
      else if (error instanceof api.Unreachable) page.view.notice(NOTICES.offline);
      else throw error;
    }
  });
}
