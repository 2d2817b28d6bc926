// How the page feels: how soon the first message moves, how evenly a drag through a long run goes, and how soon a typed
// letter is on the screen.

import { serveSite } from './site.mjs';

const OPENINGS = 7;
const SLOWDOWN = 4;
const DRAGS = 5;
const DRAG_STEPS = 60;
const WORDS = ['retry delay', 'idempotency', 'partition', 'cache ttl', 'saga timeout'];
const VIEWPORT = { width: 1440, height: 900 };

/** Notes in `window.seen_ms`, as soon as the document begins, when `selector` is there or, if asked, has moved. */
function watchFor([selector, moves]) {
  let first;
  const look = () => {
    const place = document.querySelector(selector)?.getAttribute('transform');
    if (moves ? place && first && place !== first : document.querySelector(selector)) {
      window.seen_ms = performance.now();
      return;
    }
    first ??= place;
    requestAnimationFrame(look);
  };
  look();
}

/** Opens an address in a fresh profile on a slowed processor. The milliseconds until `selector` is there, or moves. */
async function opening(browser, url, selector, moves) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    await page.addInitScript(watchFor, [selector, moves]);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.seen_ms);
    return await page.evaluate(() => window.seen_ms);
  } finally {
    await context.close();
  }
}

async function openings(browser, sites) {
  const samples = { page_ms: [], counter_ms: [] };
  // The first round fills the caches of the disk; nobody counts it.
  for (let n = 0; n <= OPENINGS; n += 1) {
    const page = await opening(browser, sites.page.url, '.messages > g[transform]', true);
    const counter = await opening(browser, sites.counter.url, 'button', false);
    if (n === 0) continue;
    samples.page_ms.push(page);
    samples.counter_ms.push(counter);
  }
  return { slowdown: SLOWDOWN, ...samples };
}

/** The page with a long run, known to its end and paused. */
async function longRun(context, url, scenario) {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('main').waitFor();
  await page.locator('input[type=file]').setInputFiles({
    name: 'long.json',
    mimeType: 'application/json',
    buffer: Buffer.from(scenario),
  });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.locator('.position', { hasText: '…' }).waitFor({ state: 'detached', timeout: 300_000 });
  return page;
}

/** Drags the moment to and fro over the whole run. The time between frames, in milliseconds, drag by drag. */
async function drags(page) {
  const { x, y, width, height } = await page.getByRole('slider', { name: 'Moment' }).boundingBox();
  const at = (share) => [x + width * share, y + height / 2];
  const all = [];
  for (let n = 0; n <= DRAGS; n += 1) {
    await page.mouse.move(...at(0.02));
    await page.mouse.down();
    await page.evaluate(() => {
      window.frames_at = [];
      window.watching = true;
      const note = (now) => {
        window.frames_at.push(now);
        if (window.watching) requestAnimationFrame(note);
      };
      requestAnimationFrame(note);
    });
    for (let step = 1; step <= DRAG_STEPS; step += 1) {
      const share = step / DRAG_STEPS;
      // There in the first half, and back in the second.
      await page.mouse.move(...at(0.02 + 0.96 * (share < 0.5 ? 2 * share : 2 - 2 * share)));
    }
    const frames = await page.evaluate(() => {
      window.watching = false;
      return window.frames_at;
    });
    await page.mouse.up();
    if (n > 0) all.push(frames.slice(1).map((now, at) => now - frames[at]));
  }
  return all;
}

/** Types words into the search box of the options. For each letter, how long from the key to the frame that shows it. */
async function typing(page) {
  await page.getByRole('tab', { name: 'All options' }).click();
  const box = page.getByRole('searchbox', { name: 'Search the options' });
  await box.focus();
  await box.evaluate((box) => {
    window.letters_ms = [];
    let pressed;
    box.addEventListener('keydown', (event) => (pressed = event.timeStamp), { capture: true });
    box.addEventListener('input', () => {
      const since = pressed;
      // After the frame's layout and painting, a message of one's own is the next thing to be done.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.letters_ms.push(performance.now() - since);
        port2.postMessage(0);
      });
    });
  });
  for (const word of WORDS) {
    await box.pressSequentially(word, { delay: 120 });
    await page.waitForTimeout(200);
    await box.fill('');
    await page.waitForTimeout(200);
  }
  return page.evaluate(() => window.letters_ms);
}

/** All samples of the page. `scenario` is the text of one with a long run. */
export async function pageSamples(browser, dist, counter, scenario, say) {
  const sites = { page: await serveSite({ root: dist }), counter: await serveSite({ root: counter }) };
  try {
    say(`the page and a bare counter, opened in turn on a processor ${SLOWDOWN} times slower`);
    const opening = await openings(browser, sites);
    say('a drag through a long run');
    const context = await browser.newContext({ viewport: VIEWPORT });
    const page = await longRun(context, sites.page.url, scenario);
    const events = Number((await page.locator('.position-event').innerText()).match(/of ([\d,]+)/)[1].replaceAll(',', ''));
    const drag_ms = await drags(page);
    say('letters typed into the search box of the options');
    const letter_ms = await typing(page);
    await context.close();
    return { opening, drag: { events, frame_ms: drag_ms }, letter_ms };
  } finally {
    for (const site of Object.values(sites)) await site.close();
  }
}
