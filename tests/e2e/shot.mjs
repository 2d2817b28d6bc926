// Takes pictures of the page: every room at 1440x900 and 390x844, each in light and in dark.
//
//     node shot.mjs --out DIR [--room NAME]...
//     node shot.mjs --out DIR [--url-hash '#...'] [--click SELECTOR]... [--wait MS]
//
// The first form walks through `rooms.mjs`, or through those of its rooms whose names begin with a NAME, and writes
// ROOM-WIDTH-THEME.png; a room that cannot be reached is named at the end, with the step that failed, its picture is
// of where the page stood then, and the exit code is 1. The second form takes one page, WIDTH-THEME.png: SELECTOR is
// what Playwright takes, for example 'role=button[name="Play"]'; clicks happen in the order given, before the wait.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { ROOMS } from './rooms.mjs';
import { serveSite } from './site.mjs';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const THEMES = ['light', 'dark'];
const USAGE = "usage: node shot.mjs --out DIR [--room NAME]... | [--url-hash '#...'] [--click SELECTOR]... [--wait MS]";

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    room: { type: 'string', multiple: true, default: [] },
    'url-hash': { type: 'string' },
    click: { type: 'string', multiple: true },
    wait: { type: 'string' },
  },
});

/** The rooms that are asked for. One that is described on the command line has no name. */
function wanted() {
  const { room, click = [], wait = '4000', 'url-hash': hash } = values;
  const described = hash !== undefined || values.click || values.wait;
  if (!values.out || !Number.isFinite(Number(wait)) || (described && room.length)) return [];
  if (!described) return ROOMS.filter(({ name }) => !room.length || room.some((start) => name.startsWith(start)));
  const clicks = click.map((selector) => ({ words: `click ${selector}`, take: (page) => page.locator(selector).first().click() }));
  return [{ name: '', hash, steps: [...clicks, { words: 'wait', take: (page) => page.waitForTimeout(Number(wait)) }] }];
}

/** Goes where the room is. Throws with the words of the step that could not be taken. */
async function enter(page, room, url) {
  await page.goto(url + (room.hash ?? ''));
  await page.getByRole('main').waitFor();
  const sheet = page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: room.sheet, exact: true });
  if (room.sheet && (await sheet.isVisible())) await sheet.click();
  for (const { words, take } of room.steps) {
    await take(page).catch((error) => {
      throw new Error(`cannot ${words}: ${error.message.split('\n')[0]}`);
    });
  }
}

/** Takes the pictures of a room at one size; gives, as sentences, what went wrong. */
async function takeShots(browser, url, room, viewport) {
  const trouble = [];
  const context = await browser.newContext({ viewport, colorScheme: THEMES[0] });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => room.breaks || trouble.push(`page error: ${error}`));
    page.on('console', (message) => message.type() === 'error' && !room.breaks && trouble.push(`console: ${message.text()}`));
    await enter(page, room, url).catch((error) => trouble.push(error.message));
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      // Colours fade over, and what is drawn on a canvas takes its new ones with the next frame.
      await page.waitForTimeout(350);
      const path = join(values.out, `${[room.name, viewport.width, colorScheme].filter(Boolean).join('-')}.png`);
      await page.screenshot({ path });
      console.log(path);
    }
  } finally {
    await context.close();
  }
  return trouble.map((line) => `${room.name || 'the page'}, ${viewport.width} wide: ${line}`);
}

const rooms = wanted();
if (!rooms.length) {
  console.error(USAGE);
  process.exit(2);
}
await mkdir(values.out, { recursive: true });
const site = await serveSite();
const browser = await launchBrowser();
const trouble = [];
try {
  for (const room of rooms) {
    for (const size of SIZES) trouble.push(...(await takeShots(browser, site.url, room, size)));
  }
} finally {
  await browser.close();
  await site.close();
}
trouble.forEach((line) => console.error(line));
process.exitCode = trouble.length ? 1 : 0;
