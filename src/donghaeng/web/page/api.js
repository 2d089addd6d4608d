// Conversations over HTTP: typed turns, and everything where live voice cannot be had.

const TRIES = 4;
const FIRST_PAUSE_MS = 500;

export class ApiProblem extends Error {
  constructor(status, title, type) {
    super(title);
    this.status = status;
    this.type = type;
  }

  get gone() {
    return this.status === 404 || (this.status === 409 && this.type?.endsWith("conversation-ended"));
  }
}

// The server cannot be reached at all.
export class Unreachable extends Error {}

export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function call(method, path, { token, body, key } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Unreachable("no connection");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiProblem(response.status, answer.title ?? "", answer.type);
  return answer;
}

// Tries again after a lost connection or a full server; the key keeps a turn from being taken twice.
async function callPatiently(method, path, options) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(method, path, options);
    } catch (error) {
      const passing = error instanceof Unreachable || [429, 502, 503].includes(error.status);
      if (!passing || attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
    }
  }
}

export const open = (opening) => callPatiently("POST", "/v1/conversations", { body: opening });

export const turn = (conversation, token, text) =>
  callPatiently("POST", `/v1/conversations/${encodeURIComponent(conversation)}/turns`, {
    token,
    body: { text },
    key: freshKey(),
  });

// Not tried again by itself: a code is good once, and tries are counted.
export const continueCall = (code) => call("POST", "/v1/conversations/continue", { body: { code } });

// Waits at the server until a counsellor says something.
export const fromDesk = (conversation, token, after) =>
  call("GET", `/v1/conversations/${encodeURIComponent(conversation)}/messages?after=${after}&wait=20`, { token });

export const end = (conversation, token) =>
  callPatiently("DELETE", `/v1/conversations/${encodeURIComponent(conversation)}`, { token });
