// The staff's API: docs/staff.md and /api/openapi.json.

let token = "";
let onSignedOut = () => {};

/** What the API answered when it did not do what was asked. */
export class ApiError extends Error {
  constructor(status, code, reason) {
    super(reason);
    this.status = status;
    this.code = code;
  }
}

/** Who is called when the session has ended. */
export function whenSignedOut(callback) {
  onSignedOut = callback;
}

async function ask(method, path, body) {
  const headers = {};
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET" && token) {
    headers["X-CSRF-Token"] = token;
  }
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    throw new ApiError(0, "away", "The broker does not answer. Is it running, and is this machine in its network?");
  }
  const text = await answer.text();
  let json = {};
  try {
    json = text ? JSON.parse(text) : {};
  } catch {
    json = { reason: text };
  }
  if (!answer.ok) {
    throw new ApiError(answer.status, json.code || String(answer.status), json.reason || answer.statusText);
  }
  return json;
}

async function asked(method, path, body) {
  try {
    return await ask(method, path, body);
  } catch (error) {
    if (error.status === 401) {
      onSignedOut(error.message);
    }
    throw error;
  }
}

function remember(session) {
  token = session.csrf;
  return session;
}

export const signIn = async (user, password) => remember(await ask("POST", "/api/session", { user, password }));
export const session = async () => remember(await ask("GET", "/api/session"));
export const signOut = () => ask("DELETE", "/api/session");
export const disconnect = (user) => asked("POST", `/api/users/${encodeURIComponent(user)}/disconnect`);
const account = (user, rest = "") => `/api/users/${encodeURIComponent(user)}${rest}`;
/** Without a password one is made up, and is in the answer. */
export const setPassword = (user, password) => asked("POST", account(user, "/password"), password ? { password } : {});
export const accounts = () => asked("GET", "/api/users");
export const addAccount = (user, password) => asked("POST", "/api/users", password ? { user, password } : { user });
export const removeAccount = (user) => asked("DELETE", account(user));
export const revokePassword = (user, name) => asked("DELETE", account(user, `/passwords/${encodeURIComponent(name)}`));
export const revokeCertificate = (user, name) => asked("DELETE", account(user, `/certificates/${encodeURIComponent(name)}`));
export const reload = () => asked("POST", "/api/reload");
export const weather = () => asked("GET", "/api/weather");
export const setWeather = (user, order) => asked("PUT", `/api/users/${encodeURIComponent(user)}/weather`, order);
export const clearWeather = (user) => asked("DELETE", `/api/users/${encodeURIComponent(user)}/weather`);
export const clearAllWeather = () => asked("DELETE", "/api/weather");
export const announce = (text) => asked("POST", "/api/announcements", { text });

export const progress = () => asked("GET", "/api/progress");
export const forgetProgress = () => asked("DELETE", "/api/progress");
export const recordings = () => asked("GET", "/api/recordings");
export const record = (name, minutes) => asked("POST", "/api/recordings", { name, minutes });
export const endRecording = () => asked("POST", "/api/recordings/end");
export const replay = (name, speed) => asked("POST", "/api/replay", { name, speed });
export const endReplay = () => asked("POST", "/api/replay/end");
export const compare = (question) => asked("POST", "/api/comparison", question);

/** The diagram of two users as a text. */
export async function diagramText(query) {
  const answer = await fetch(`/api/diagram?${query}`, { credentials: "same-origin" });
  return answer.ok ? answer.text() : "";
}

/** Listens to what happens; filter is {team, kind, refused}. */
export function listen(filter, on) {
  const query = new URLSearchParams();
  if (filter.team) query.set("team", filter.team);
  if (filter.kind) query.set("kind", filter.kind);
  if (filter.refused) query.set("refused", "true");
  const source = new EventSource(`/api/feed?${query}`);
  for (const name of ["hello", "packets", "missed", "activity", "class"]) {
    source.addEventListener(name, (event) => on[name]?.(JSON.parse(event.data)));
  }
  source.addEventListener("signedout", () => {
    source.close();
    onSignedOut("Your session has ended. Sign in again.");
  });
  source.addEventListener("open", () => on.state?.(true, ""));
  source.addEventListener("error", async () => {
    on.state?.(false, "The broker does not answer; trying again.");
    try {
      await asked("GET", "/api/session");
      if (source.readyState === EventSource.CLOSED) {
        on.state?.(false, "The live feed was refused; close another page that watches and load this one again.");
      }
    } catch (error) {
      if (error.status === 401 || error.status === 403) {
        source.close();
      } else if (source.readyState === EventSource.CLOSED) {
        on.retry?.();
      }
    }
  });
  return source;
}
