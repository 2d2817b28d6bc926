// Performs measures in a worker: the WebAssembly of the bench, the clock, and nothing else.

let exports;

const actions = {
  // A fresh instance has a fresh memory: only so can its growth be told.
  async load() {
    const { instance } = await WebAssembly.instantiateStreaming(fetch('bench.wasm'));
    exports = instance.exports;
    return [];
  },
  measure([name, ...numbers]) {
    return numbers.map((n) => {
      const started = performance.now();
      const number = exports[name](n);
      return [performance.now() - started, number];
    });
  },
  bytes() {
    return [[0, exports.memory.buffer.byteLength]];
  },
};

self.onmessage = async ({ data: { action, words } }) => {
  try {
    self.postMessage({ answer: await actions[action](words) });
  } catch (error) {
    self.postMessage({ problem: String(error) });
  }
};
