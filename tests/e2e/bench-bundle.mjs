// How much a visitor downloads.

import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const KINDS = new Set(['.wasm', '.js', '.css', '.html']);

/** Each WebAssembly and script of the built page, and the page itself, which has the styles, with its size before and after `brotli -q 11`. */
export async function bundleSamples(dist) {
  const entries = await readdir(dist, { recursive: true });
  const names = entries.filter((name) => KINDS.has(extname(name))).sort();
  return Promise.all(
    names.map(async (file) => {
      const content = await readFile(join(dist, file));
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      };
      return { file, bytes: content.length, brotli_bytes: brotliCompressSync(content, { params }).length };
    }),
  );
}
