// Asks the console's API. Every request has the header that no other site's page can send.

const AGAIN_MS = 3000;
let signedOut = () => {};
let reached = () => {};
let again;

export function whenSignedOut(then) {
  signedOut = then;
}

/** Calls back with whether the server can be reached, after each request; while it can't, it is asked again and again. */
export function whenReached(then) {
  reached = then;
}

export async function api(method, path, body) {
  const answer = await send(method, path, body);
  const text = await answer.text();
  let value = {};
  try {
    value = text ? JSON.parse(text) : {};
  } catch {
    value = { error: answer.ok ? "the answer is no JSON" : "HTTP " + answer.status };
  }
  if (!answer.ok) throw problem(answer.status, value, path);
  return value;
}

export async function file(path) {
  const answer = await send("GET", path);
  if (!answer.ok) throw problem(answer.status, await answer.json().catch(() => ({})), path);
  return answer.blob();
}

async function send(method, path, body) {
  try {
    const answer = await fetch("api/" + path, {
      method,
      headers: { "X-Fluxy-Console": "1", ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
    });
    clearTimeout(again);
    reached(true);
    return answer;
  } catch {
    reached(false);
    clearTimeout(again);
    again = setTimeout(() => get("projects").catch(() => {}), AGAIN_MS);
    throw new Error("The server can't be reached");
  }
}

function problem(status, value, path) {
  if (status === 401 && path !== "session") signedOut();
  const words = String(value.error || "HTTP " + status);
  const error = new Error(words[0].toUpperCase() + words.slice(1));
  error.status = status;
  return error;
}

export const get = (path) => api("GET", path);
export const part = encodeURIComponent;

/**
 * Looks again and again, while `signal` allows it: the next look begins so long after the last has
 * ended, and none while nobody looks at the page.
 */
export function every(ms, signal, look) {
  const again = () => {
    if (!signal.aborted) setTimeout(round, ms);
  };
  const round = async () => {
    if (signal.aborted) return;
    if (document.hidden) return again();
    try {
      await look();
    } catch {
      // said by whoever looks
    }
    again();
  };
  again();
}
