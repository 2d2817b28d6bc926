// Takes the samples of `cargo xtask bench` and prints them as one JSON object; what they amount to is worked out there.
//
//     node bench.mjs --native PROGRAM --wasm FILE --dist FOLDER
//
// Progress goes to standard error.

import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { bundleSamples } from './bench-bundle.mjs';
import { engineSamples } from './bench-engine.mjs';
import { frameSamples } from './bench-frames.mjs';
import { nativePlace, workerPlace } from './bench-places.mjs';

const { values } = parseArgs({
  options: { native: { type: 'string' }, wasm: { type: 'string' }, dist: { type: 'string' } },
});
if (!values.native || !values.wasm || !values.dist) {
  console.error('usage: node bench.mjs --native PROGRAM --wasm FILE --dist FOLDER');
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
  console.log(JSON.stringify({ ...engine, bundle, frames }));
} finally {
  for (const place of Object.values(places)) await place.close();
  await browser.close();
}
