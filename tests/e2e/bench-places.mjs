// The two places where the engine is measured. Each offers the same:
//
//     fresh()                  starts anew with nothing in memory
//     measure(name, ...n)      performs a measure once for each number, and gives [milliseconds, number back] for each
//     bytes()                  how much memory is in use
//     close()

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

/** This machine: a process that reads a line and answers with a line. It also knows `scenario(n)`, the text of one with
 * so many messages in flight, `longRun()`, the text of one with a million steps, and `preset(slug)`, the place of a preset in the list of them. */
export async function nativePlace(program) {
  let child;
  let lines;
  const stop = async () => {
    if (!child) return;
    const ended = child.exitCode === null && once(child, 'exit');
    child.stdin.end();
    await ended;
    child = undefined;
  };
  const ask = async (...words) => {
    child.stdin.write(`${words.join(' ')}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${program} ended instead of answering "${words[0]}"`);
    return JSON.parse(value);
  };
  return {
    async fresh() {
      await stop();
      child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
      lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    },
    measure: ask,
    preset: (slug) => ask('preset', slug),
    bytes: async () => (await ask('bytes'))[0][1],
    scenario: async (inFlight) => JSON.stringify(await ask('scenario', inFlight)),
    longRun: async () => JSON.stringify(await ask('long')),
    close: stop,
  };
}

/** Serves the worker. Only an isolated page gets a clock that is finer than a tenth of a millisecond. */
async function serveWorker(wasm) {
  const files = {
    '/': ['text/html', '<!doctype html><title>bench</title>'],
    '/worker.js': ['text/javascript', await readFile(new URL('bench-worker.js', import.meta.url))],
    '/bench.wasm': ['application/wasm', await readFile(wasm)],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url] ?? [];
    const headers = {
      'Content-Type': type ?? 'text/plain',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    };
    response.writeHead(type ? 200 : 404, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

/** A worker of `browser` that runs the WebAssembly in the file `wasm`. */
export async function workerPlace(browser, wasm) {
  const server = await serveWorker(wasm);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.url);
  const ask = (action, ...words) =>
    page.evaluate(
      ([action, words]) =>
        new Promise((resolve, reject) => {
          window.worker.onmessage = ({ data }) => (data.problem ? reject(new Error(data.problem)) : resolve(data.answer));
          window.worker.postMessage({ action, words });
        }),
      [action, words],
    );
  return {
    async fresh() {
      await page.evaluate(() => {
        window.worker?.terminate();
        window.worker = new Worker('worker.js');
      });
      await ask('load');
    },
    measure: (...words) => ask('measure', ...words),
    bytes: async () => (await ask('bytes'))[0][1],
    async close() {
      await context.close();
      await server.close();
    },
  };
}
