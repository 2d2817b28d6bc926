// What a frame costs while many messages move: the page, and in turn a bare canvas with as many chips.

import { readFile } from 'node:fs/promises';
import { serveSite } from './site.mjs';

const IN_FLIGHT = [200, 2_000];
const ROUNDS = 5;
const ROUND_MS = 1_500;
/** A moment at which the messages of the scenario are all under way, in virtual milliseconds. */
const MOMENT_MS = 12_000;
const VIEWPORT = { width: 1440, height: 900 };

/**
 * Notes in `window.scripts_ms`, from when `noteEnds` is called, how long the scripts of each frame take: from the first
 * callback of the frame, which must be this one, to the last, which is `noteEnds`'s.
 */
function noteBeginnings() {
  let begun;
  const begin = () => {
    begun = performance.now();
    requestAnimationFrame(begin);
  };
  requestAnimationFrame(begin);
  window.scripts_ms = [];
  window.noteEnds = () => {
    const end = () => {
      window.scripts_ms.push(performance.now() - begun);
      requestAnimationFrame(end);
    };
    requestAnimationFrame(end);
  };
}

/**
 * The costs of one frame of `page`, averaged over a while: `{ script_ms, main_ms }` of the thread's own time, and the
 * scripts of each, `scripts_ms`, by the clock.
 */
async function costs(page, session) {
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return { frames: await page.evaluate(() => window.frames_counted), script: of('ScriptDuration'), main: of('TaskDuration') };
  };
  const before = await read();
  await page.evaluate(() => (window.scripts_ms.length = 0));
  await page.waitForTimeout(ROUND_MS);
  const after = await read();
  const frames = after.frames - before.frames;
  if (frames === 0) throw new Error(`no frame in ${ROUND_MS} ms`);
  return {
    script_ms: ((after.script - before.script) * 1_000) / frames,
    main_ms: ((after.main - before.main) * 1_000) / frames,
    scripts_ms: await page.evaluate(() => window.scripts_ms),
  };
}

/** An address in a context of its own, ready to be measured. */
async function opened(browser, url) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  await page.addInitScript(noteBeginnings);
  await page.goto(url);
  const session = await context.newCDPSession(page);
  // The thread's own time: what other programs do meanwhile is not the page's cost.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(() => {
    window.frames_counted = 0;
    const count = () => {
      window.frames_counted += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  return { page, costs: () => costs(page, session), close: () => context.close() };
}

/** The bare canvas with so many chips. */
async function bareCanvas(browser, chips) {
  const { page, costs, close } = await opened(browser, 'about:blank');
  await page.setContent(await readFile(new URL('bench-bare.html', import.meta.url), 'utf8'));
  await page.evaluate((chips) => window.lay(chips), chips);
  return { play: () => page.evaluate(() => window.play()), pause: () => page.evaluate(() => window.pause()), costs, close };
}

/** The page with a scenario that has so many messages in flight, paused at a moment when they are under way. */
async function realPage(browser, dist, scenario) {
  const site = await serveSite({ root: dist });
  const { page, costs, close } = await opened(browser, site.url);
  await page.getByRole('main').waitFor();
  await page.locator('input[type=file]').setInputFiles({
    name: 'bench.json',
    mimeType: 'application/json',
    buffer: Buffer.from(scenario),
  });
  const moment = page.getByRole('slider', { name: 'Moment' });
  // The page runs ahead until the whole run is known; that must not be measured.
  for (let known = -1; ; ) {
    const now = Number(await moment.getAttribute('aria-valuemax'));
    if (now > MOMENT_MS && now === known) break;
    known = now;
    await page.waitForTimeout(500);
  }
  const { x, y, width, height } = await moment.boundingBox();
  const whole = Number(await moment.getAttribute('aria-valuemax'));
  // Dragging pauses, too.
  await page.mouse.click(x + (width * MOMENT_MS) / whole, y + height / 2);
  // The page has asked for its next frame by now, and does so before this callback of each frame.
  await page.evaluate(() => window.noteEnds());
  return {
    play: () => page.getByRole('button', { name: 'Play', exact: true }).click(),
    pause: () => page.getByRole('button', { name: 'Pause', exact: true }).click(),
    costs,
    close: async () => {
      await close();
      await site.close();
    },
  };
}

/** Samples for each number of messages. `scenario(n)` gives the text of a scenario with so many in flight. */
export async function frameSamples(browser, dist, scenario, say) {
  const all = [];
  for (const inFlight of IN_FLIGHT) {
    say(`frames with ${inFlight.toLocaleString('en')} messages in flight, in ${ROUNDS} rounds`);
    const places = {
      page: await realPage(browser, dist, await scenario(inFlight)),
      bare: await bareCanvas(browser, inFlight),
    };
    const samples = { in_flight: inFlight, page: [], bare: [] };
    try {
      // The first round lets the compilers settle; nobody counts it.
      for (let n = 0; n <= ROUNDS; n += 1) {
        for (const [name, place] of Object.entries(places)) {
          await place.play();
          const sample = await place.costs();
          await place.pause();
          if (n > 0) samples[name].push(sample);
        }
      }
    } finally {
      for (const place of Object.values(places)) await place.close();
    }
    all.push(samples);
  }
  return all;
}
