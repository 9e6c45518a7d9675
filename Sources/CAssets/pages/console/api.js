// Asks the node's index: GET /api/…, described by /api/openapi.json.

/** An answer that says what went wrong. */
export class APIError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function ask(path, options) {
  const response = await fetch(`/api/${path}`, options);
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new APIError(response.status, body?.error?.code ?? "failed",
      body?.error?.message ?? `the node answered ${response.status}`);
  }
  return body;
}

/** The answer to a path. */
export const get = (path) => ask(path);

/** The answer to a path; null where there is none. */
export const find = (path) => ask(path).catch(() => null);

/** Sends something to a path. */
export const post = (path, value) => ask(path, {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value),
});
