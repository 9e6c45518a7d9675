// Calls this node: JSON-RPC over HTTP for questions, over a WebSocket for what it tells by itself.

let next = 1;

/** An answer that says what went wrong. */
export class Refusal extends Error {
  constructor(message, data = null) {
    super(message);
    this.data = data;
  }
}

async function post(body) {
  const response = await fetch("/", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Refusal(`the node answered ${response.status}`);
  return response.json();
}

const request = (method, params) => ({ jsonrpc: "2.0", id: next++, method, params });

function result(answer) {
  if (answer?.error) throw new Refusal(String(answer.error.message), answer.error.data ?? null);
  return answer?.result ?? null;
}

/** The result of one call. */
export const call = async (method, ...params) => result(await post(request(method, params)));

/** The results of many calls in order; what was refused is null. */
export async function batch(calls) {
  if (calls.length === 0) return [];
  const requests = calls.map(([method, ...params]) => request(method, params));
  const answers = new Map((await post(requests)).map((answer) => [answer.id, answer]));
  return requests.map(({ id }) => answers.get(id)?.result ?? null);
}

/** Listens for new blocks; tells of each, and whether the line is up. */
export function listen(arrived, changed) {
  let wait = 500;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/`);
    socket.onopen = () => socket.send(JSON.stringify(request("eth_subscribe", ["newHeads"])));
    socket.onmessage = (message) => {
      const told = JSON.parse(message.data);
      if (typeof told.result === "string") {
        wait = 500;
        changed(true);
      }
      if (told.method === "eth_subscription") arrived(told.params.result);
    };
    socket.onclose = () => {
      changed(false);
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 15_000);
    };
  };
  open();
}
