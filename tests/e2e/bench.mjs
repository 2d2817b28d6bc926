// Takes the samples of `cargo xtask bench` and prints them as one JSON object; what they amount to is worked out there.
//
//     node bench.mjs --native PROGRAM --wasm FILE --dist FOLDER --counter FOLDER
//
// Progress goes to standard error.

import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { bundleSamples } from './bench-bundle.mjs';
import { engineSamples } from './bench-engine.mjs';
import { frameSamples } from './bench-frames.mjs';
import { pageSamples } from './bench-page.mjs';
import { nativePlace, workerPlace } from './bench-places.mjs';

const NEEDED = ['native', 'wasm', 'dist', 'counter'];
const { values } = parseArgs({ options: Object.fromEntries(NEEDED.map((name) => [name, { type: 'string' }])) });
if (NEEDED.some((name) => !values[name])) {
  console.error('usage: node bench.mjs --native PROGRAM --wasm FILE --dist FOLDER --counter FOLDER');
  process.exit(2);
}
const say = (sentence) => console.error(`bench: ${sentence}`);

const browser = await launchBrowser();
const places = {};
try {
  places.native = await nativePlace(values.native);
  places.worker = await workerPlace(browser, values.wasm);
  const engine = await engineSamples(places, say);
  say('the size of the page');
  const bundle = await bundleSamples(values.dist);
  const frames = await frameSamples(browser, values.dist, places.native.scenario, say);
  const page = await pageSamples(browser, values.dist, values.counter, await places.native.longRun(), say);
  console.log(JSON.stringify({ ...engine, bundle, frames, page }));
} finally {
  for (const place of Object.values(places)) await place.close();
  await browser.close();
}
