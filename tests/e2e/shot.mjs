// Takes pictures of the running page: 1440x900 and 390x844, each in light and in dark.
//
//     node shot.mjs --out DIR [--url-hash '#...'] [--wait MS] [--click SELECTOR]...
//
// SELECTOR is what Playwright takes, for example 'role=button[name="Play"]'; clicks happen in the order given, before
// the wait, so that the pictures show the middle of a run.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { serveSite } from './site.mjs';

const VIEWS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
].flatMap((viewport) => ['light', 'dark'].map((colorScheme) => ({ viewport, colorScheme })));

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    'url-hash': { type: 'string', default: '' },
    wait: { type: 'string', default: '4000' },
    click: { type: 'string', multiple: true, default: [] },
  },
});
const waitMs = Number(values.wait);
if (!values.out || !Number.isFinite(waitMs)) {
  console.error("usage: node shot.mjs --out DIR [--url-hash '#...'] [--wait MS] [--click SELECTOR]...");
  process.exit(2);
}

async function takeShot(browser, url, { viewport, colorScheme }) {
  const context = await browser.newContext({ viewport, colorScheme });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => console.error(`page error: ${error}`));
    page.on('console', (message) => message.type() === 'error' && console.error(`console: ${message.text()}`));
    await page.goto(url);
    await page.getByRole('main').waitFor();
    for (const selector of values.click) await page.locator(selector).first().click();
    await page.waitForTimeout(waitMs);
    const path = join(values.out, `${viewport.width}-${colorScheme}.png`);
    await page.screenshot({ path });
    console.log(path);
  } finally {
    await context.close();
  }
}

await mkdir(values.out, { recursive: true });
const site = await serveSite();
const browser = await launchBrowser();
try {
  for (const view of VIEWS) await takeShot(browser, site.url + values['url-hash'], view);
} finally {
  await browser.close();
  await site.close();
}
