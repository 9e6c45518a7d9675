// Who signs: the accounts of this node, where it has some, or a wallet in the browser (EIP-1193).

import { batch, call } from "./rpc.js";

/** The wallets that announced themselves (EIP-6963), by their identifier. */
const announced = new Map();

/** What is connected; null if nothing is. */
export let connected = null;

const watchers = new Set();

/** Calls back on each change; returns how to stop. */
export function watch(callback) {
  watchers.add(callback);
  return () => watchers.delete(callback);
}

const tell = () => [...watchers].forEach((watcher) => watcher());

const text = (value) => typeof value === "string" ? value.slice(0, 60) : "";

// What a wallet says of itself is a stranger's word: only plain text and pictures get in.
addEventListener("eip6963:announceProvider", (event) => {
  const { info, provider } = event.detail ?? {};
  if (typeof info?.uuid !== "string" || typeof provider?.request !== "function" || announced.size >= 32) return;
  const icon = /^data:image\/(png|svg\+xml|webp|gif|jpeg)[;,]/.test(info.icon ?? "") ? info.icon : null;
  announced.set(info.uuid, { name: text(info.name) || "Wallet", icon, provider });
  tell();
});
dispatchEvent(new Event("eip6963:requestProvider"));

/** The wallets in the browser. */
export function wallets() {
  const found = [...announced.values()];
  const old = globalThis.ethereum;
  if (typeof old?.request === "function" && !found.some((each) => each.provider === old)) {
    found.push({ name: found.length ? "Another wallet" : "The browser's wallet", icon: null, provider: old });
  }
  return found;
}

/** The accounts that this node signs for: those of a development chain. */
export const own = async () => await call("eth_accounts").catch(() => []) ?? [];

function become(next) {
  connected?.stop?.();
  connected = next;
  tell();
}

/** Lets go of whatever is connected. */
export const disconnect = () => become(null);

/** Signs by an account of the node. */
export function connectOwn(account) {
  become({ name: "This node", account, send: (fields) => call("eth_sendTransaction", fields) });
}

async function adoptChain(provider) {
  const [mine, theirs] = await Promise.all([call("eth_chainId"), provider.request({ method: "eth_chainId" })]);
  if (BigInt(mine) === BigInt(theirs)) return;
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: mine }] });
  } catch (error) {
    // 4902: the wallet does not know the chain (EIP-3326); then it is told of it (EIP-3085).
    if (error?.code !== 4902 && error?.data?.originalError?.code !== 4902) throw error;
    await provider.request({
      method: "wallet_addEthereumChain",
      params: [{
        chainId: mine, chainName: `Martlet ${BigInt(mine)}`, rpcUrls: [location.origin],
        nativeCurrency: { name: "Martlet", symbol: "MRT", decimals: 18 },
      }],
    });
  }
  const now = await provider.request({ method: "eth_chainId" });
  if (BigInt(now) !== BigInt(mine)) throw new Error(`the wallet is on chain ${BigInt(now)}, this is ${BigInt(mine)}`);
}

/** Signs by a wallet of the browser: asks it for an account, and to be on this chain. */
export async function connect({ name, provider }) {
  const [account] = await provider.request({ method: "eth_requestAccounts" });
  if (!/^0x[0-9a-f]{40}$/i.test(account ?? "")) throw new Error("the wallet gave no account");
  await adoptChain(provider);
  const moved = ([next]) => {
    if (!next) return disconnect();
    connected = { ...connected, account: next };
    tell();
  };
  const away = async (chain) => {
    if (BigInt(chain) !== BigInt(await call("eth_chainId"))) disconnect();
  };
  provider.on?.("accountsChanged", moved);
  provider.on?.("chainChanged", away);
  become({
    name, account,
    send: async (fields) => {
      await adoptChain(provider);
      return provider.request({ method: "eth_sendTransaction", params: [fields] });
    },
    stop: () => {
      provider.removeListener?.("accountsChanged", moved);
      provider.removeListener?.("chainChanged", away);
    },
  });
}

/** Sends a transaction from the connected account; its hash. */
export async function send(fields) {
  if (!connected) throw new Error("connect a wallet first");
  return connected.send({ from: connected.account, ...fields });
}

/** What came of a transaction; null if nothing did within a minute. */
export async function settled(hash) {
  for (let round = 0; round < 240; round++) {
    const [receipt] = await batch([["eth_getTransactionReceipt", hash]]);
    if (receipt) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return null;
}
