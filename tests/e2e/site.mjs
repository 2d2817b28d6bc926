// A static server over the built page: what a visitor's host would do, and nothing else.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that `trunk build` fills; another one may be named by the variable DIST. */
export const DIST = process.env.DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));

// Browsers refuse to stream-compile WebAssembly, and to run modules, under any other type.
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** The file under `root` that a request path names, or `null` when there is none. */
async function fileFor(root, base, requestPath) {
  if (!requestPath.startsWith(base)) return null;
  const relative = normalize(decodeURIComponent(requestPath.slice(base.length)));
  if (relative === '..' || relative.startsWith(`..${sep}`)) return null;
  const path = join(root, relative === '.' || relative.endsWith(sep) ? join(relative, 'index.html') : relative);
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? path : null;
}

/**
 * Serves `root` on a free local port.
 *
 * `base` is the path under which the page lives; it begins and ends with a slash. Nothing may be cached, so that a
 * test never sees the page of an earlier build. Returns `{ origin, url, close }`.
 */
export async function serveSite({ root = DIST, base = '/' } = {}) {
  const index = await stat(join(root, 'index.html')).catch(() => null);
  if (!index) throw new Error(`${root} holds no index.html: build the page first (cargo xtask build)`);

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const path = await fileFor(root, base, pathname).catch(() => null);
    response.setHeader('Cache-Control', 'no-store');
    if (!path) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`No file at ${pathname}\n`);
      return;
    }
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { origin, url: origin + base, close };
}
