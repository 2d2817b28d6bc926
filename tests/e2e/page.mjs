// The stage on which every end-to-end test runs: the built page, served locally, in a fresh Chromium profile.
//
//     import { pageTest } from './page.mjs';
//
//     pageTest('the play button pauses', { width: 390 }, async ({ page }) => {
//       await page.getByRole('button', { name: 'Pause' }).click();
//     });
//
// A test fails by itself on an uncaught error, a console error or a request to anywhere but the local server.
// With CPU_SLOWDOWN=6 the page runs six times slower, which shows what a test that reads too early would miss.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { serveSite } from './site.mjs';

// Starting Chromium costs more than most tests, so the tests of one file share it; profiles are never shared.
let browser;
const sharedBrowser = () => (browser ??= launchBrowser());
after(async () => (await browser)?.close());

/** What a test may ask for; `base` is the path under which the page is served. */
const DEFAULTS = {
  width: 1440,
  height: 900,
  colorScheme: 'light',
  reducedMotion: 'no-preference',
  base: '/',
  hash: '',
  touch: false,
  timeoutMs: 60_000,
};

/** Collects, as sentences, everything that must not happen while the page is open. */
function watchForTrouble(page, origin) {
  const trouble = [];
  const isLocal = (url) => url.startsWith(origin) || /^(data|blob|about):/.test(url);
  // Some errors, such as those of WebAssembly's compiler, have an empty stack.
  page.on('pageerror', (error) => trouble.push(`uncaught error: ${error.stack || error}`));
  page.on('crash', () => trouble.push('the page crashed'));
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`console error: ${message.text()} (${message.location().url})`);
  });
  // The context hears the requests of workers too, which the page alone does not.
  page.context().on('request', (request) => {
    if (!isLocal(request.url())) trouble.push(`request outside the page's origin: ${request.url()}`);
  });
  page.on('websocket', (socket) => trouble.push(`web socket opened: ${socket.url()}`));
  return trouble;
}

/** Waits until the WebAssembly has put the page's content in place. */
export async function mounted(page) {
  await page.getByRole('main').waitFor();
}

/** Waits until the run is known to its end, so that every moment can be reached at once. */
export async function waitUntilKnown(page) {
  await page.waitForFunction(() => !document.querySelector('.position').innerText.includes('…'));
}

/** Waits for `mounted`, but no longer than until an uncaught error, and then throws what the page said. */
async function started(page, trouble) {
  let watch;
  const failed = new Promise((_, reject) => page.on('pageerror', (watch = reject)));
  try {
    await Promise.race([mounted(page), failed]);
  } catch (error) {
    // A page that failed to start says why only in its errors: they tell more than "no main landmark".
    throw trouble.length ? new Error(`the page did not start:\n${trouble.join('\n')}`) : error;
  } finally {
    page.off('pageerror', watch);
  }
}

/**
 * Declares a test that gets the open page.
 *
 * `body` receives `{ page, context, site, open, trouble }`; `open(hash)` loads the page anew with another fragment.
 * A test that provokes an error on purpose takes it out of the array `trouble` before it ends.
 */
export function pageTest(name, options, body) {
  const wanted = { ...DEFAULTS, ...options };
  test(name, { timeout: wanted.timeoutMs }, async (t) => {
    const site = await serveSite({ base: wanted.base });
    t.after(site.close);
    const context = await (await sharedBrowser()).newContext({
      viewport: { width: wanted.width, height: wanted.height },
      colorScheme: wanted.colorScheme,
      reducedMotion: wanted.reducedMotion,
      hasTouch: wanted.touch,
      acceptDownloads: true,
    });
    t.after(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const trouble = watchForTrouble(page, site.origin);
    const slowdown = Number(process.env.CPU_SLOWDOWN ?? 1);
    if (slowdown > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowdown });

    const open = async (hash = '') => {
      // A changed fragment alone would not load the page again.
      await page.goto('about:blank');
      await page.goto(site.url + hash);
      await started(page, trouble);
    };
    await open(wanted.hash);
    try {
      await body({ page, context, site, open, trouble });
    } catch (error) {
      // What went wrong in the page is often why the test's own expectation failed.
      trouble.forEach((line) => t.diagnostic(line));
      throw error;
    }
    assert.deepEqual(trouble, [], 'the page must run without errors and without leaving its origin');
  });
}

/** Waits until what `read` gives matches the pattern, as a person would; fails with what it gave last. */
export async function comesToMatch(read, pattern, { within = 10_000 } = {}) {
  const until = Date.now() + within;
  let given = String(await read());
  while (!pattern.test(given) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    given = String(await read());
  }
  assert.match(given, pattern);
}

/** How far the page's content sticks out sideways, in CSS pixels; 0 when nothing has to be scrolled. */
export function sidewaysOverflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    return Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth;
  });
}
