// What the page knows of the chain's present: the newest blocks and the node's own status.

import { batch, call, listen } from "./rpc.js";

const KEPT = 60;
const hex = (height) => "0x" + height.toString(16);

/** The newest blocks, newest first, without their transactions' bodies. */
export const blocks = [];

/** What the node says of itself and its network; null before it has said anything. */
export let status = null;

/** Whether the node answers. */
export let alive = false;

const watchers = new Set();
let live = false;
let busy = false;

/** Calls back with "block", "status" or "link" on each change; returns how to stop. */
export function watch(callback) {
  watchers.add(callback);
  return () => watchers.delete(callback);
}

function tell(topic, value) {
  for (const watcher of [...watchers]) watcher(topic, value);
}

function setAlive(value) {
  if (alive === value) return;
  alive = value;
  tell("link", value);
}

// Fetches what lies between the newest block here and the node's head.
async function catchUp() {
  if (busy) return;
  busy = true;
  try {
    const head = BigInt(await call("eth_blockNumber"));
    setAlive(true);
    const known = blocks.length ? BigInt(blocks[0].number) : -1n;
    if (head < known) blocks.length = 0;
    const floor = head - BigInt(KEPT) + 1n;
    let from = head < known ? 0n : known + 1n;
    if (from < floor) from = floor;
    if (from < 0n) from = 0n;
    const wanted = [];
    for (let height = from; height <= head; height++) {
      wanted.push(["eth_getBlockByNumber", hex(height), false]);
    }
    for (const block of await batch(wanted)) {
      if (!block) break;
      blocks.unshift(block);
      if (blocks.length > KEPT) blocks.pop();
      tell("block", block);
    }
  } catch {
    setAlive(false);
  } finally {
    busy = false;
  }
}

const figure = (value) => value === null || value === undefined ? null : Number(value);

// The status with plain numbers: the node writes them as quantities.
const plain = (told) => ({
  ...told,
  height: figure(told.height),
  view: figure(told.view),
  leader: figure(told.leader),
  index: figure(told.index),
  missing: told.missing.map(figure),
  quorum: { have: figure(told.quorum.have), need: figure(told.quorum.need) },
  pool: { pending: figure(told.pool.pending), queued: figure(told.pool.queued) },
  network: { ...told.network, chainId: figure(told.network.chainId) },
  validators: told.validators.map((each) => ({
    ...each, index: figure(each.index), power: figure(each.power),
  })),
});

async function ask() {
  try {
    status = plain(await call("martlet_status"));
    setAlive(true);
    tell("status", status);
  } catch {
    setAlive(false);
  }
}

/** Begins to follow the chain: told of blocks by the node, or asking where it cannot tell. */
export function start() {
  listen(catchUp, (up) => { live = up; });
  let beat = 0;
  setInterval(() => {
    if (!live || beat % 5 === 0) catchUp();
    if (beat % 2 === 0) ask();
    beat += 1;
  }, 1000);
  return Promise.all([catchUp(), ask()]);
}

/** Transactions a second, seconds a block and transactions in all, over the newest blocks. */
export function pace() {
  // The first block of all has no time of its own.
  const some = blocks.slice(0, 30).filter((block) => Number(block.number) > 0);
  if (some.length < 2) return null;
  const seconds = Number(some[0].timestamp) - Number(some.at(-1).timestamp);
  const count = some.slice(0, -1).reduce((sum, block) => sum + block.transactions.length, 0);
  return { perSecond: count / Math.max(seconds, 1), perBlock: seconds / (some.length - 1), count, blocks: some.length - 1 };
}
