// Everything that leaves the page as a file: pictures that stand alone, tables, and the formats of other tools.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { assertAccessible } from './axe.mjs';
import { pageTest, sidewaysOverflow } from './page.mjs';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844, touch: true };

const menu = (page) => page.getByRole('button', { name: 'Export', exact: true });
const toTheEnd = (page) => page.getByRole('button', { name: 'To the end' }).click();

async function openDrawer(page, size, tab) {
  if (size === PHONE) await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Log' }).click();
  await page.getByRole('tab', { name: tab }).click();
}

/** Opens the menu, chooses, and gives the file's name and what is in it. */
async function saved(page, item) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    menu(page).click().then(() => page.getByRole('button', { name: item, exact: true }).click()),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Reads an SVG as a strict reader does, and gives what is in it. */
function svgOf(page, bytes) {
  return page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, 'image/svg+xml');
    const all = [...document.querySelectorAll('*')];
    const ids = new Set(all.map((one) => one.id).filter(Boolean));
    const used = [...text.matchAll(/url\((?:&quot;|")?#([\w-]+)/g)].map((match) => match[1]);
    return {
      broken: document.querySelector('parsererror')?.textContent ?? '',
      root: document.documentElement.tagName,
      title: document.querySelector('title')?.textContent ?? '',
      words: all.filter((one) => one.tagName === 'text').map((one) => one.textContent.trim()),
      classes: all.filter((one) => one.hasAttribute('class')).length,
      outside: all.flatMap((one) => [...one.attributes]).filter((one) => /href$|^src$/.test(one.name) && !/^(#|data:)/.test(one.value)).length,
      missing: used.filter((id) => !ids.has(id)),
      variables: text.includes('var(--'),
      paper: document.querySelector('rect').getAttribute('fill'),
      size: [Number(document.documentElement.getAttribute('width')), Number(document.documentElement.getAttribute('height'))],
    };
  }, bytes.toString('utf8'));
}

/** The size that a PNG says it has. */
function pngSize(bytes) {
  assert.deepEqual([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

/** Both files of a picture, held against each other. */
async function assertStandsAlone(page, name, slug) {
  const svg = await saved(page, `${name} as SVG`);
  assert.match(svg.name, new RegExp(`^alerts-${slug}-at-\\d+\\.\\d\\ds\\.svg$`));
  const seen = await svgOf(page, svg.bytes);
  assert.equal(seen.broken, '');
  assert.equal(seen.root, 'svg');
  assert.match(seen.title, new RegExp(`^.+: ${name}( \\(.+\\))? at \\d+\\.\\d\\d s$`));
  assert.deepEqual([seen.classes, seen.outside, seen.missing, seen.variables], [0, 0, [], false]);
  const png = await saved(page, `${name} as PNG`);
  assert.equal(png.name, svg.name.replace(/svg$/, 'png'));
  assert.deepEqual(pngSize(png.bytes), seen.size.map((length) => 2 * length));
  return seen;
}

for (const size of [DESK, PHONE]) {
  for (const colorScheme of ['light', 'dark']) {
    pageTest(`pictures leave the page whole, ${size.width} wide, ${colorScheme}`, { ...size, colorScheme, hash: '#scenario=alerts' }, async ({ page }) => {
      await page.getByRole('slider', { name: 'Moment' }).waitFor();
      await page.waitForFunction(() => parseFloat(document.querySelector('.position .now').textContent) > 1.5);
      await page.getByRole('button', { name: 'Pause' }).click();
      await openDrawer(page, size, 'Space-time');
      const stage = await assertStandsAlone(page, 'Stage', 'stage');
      assert.ok(stage.words.includes('Order view') && stage.words.includes('was never true'), stage.words.join(', '));
      assert.equal(stage.paper === 'rgb(255, 255, 255)' || /^#f/i.test(stage.paper), colorScheme === 'light', stage.paper);
      const lanes = await assertStandsAlone(page, 'Space-time', 'space-time');
      assert.ok(lanes.words.includes('shoppers') && lanes.words.some((word) => /^e\d+$/.test(word)), lanes.words.join(', '));
      await page.getByRole('tab', { name: 'Staleness' }).click();
      await page.locator('#drawer-panel').getByText(/^sampled every [^,]+$/).waitFor();
      const lag = await assertStandsAlone(page, 'Staleness', 'staleness');
      assert.ok(lag.words.includes('queueing') && lag.words.includes('lost'), lag.words.join(', '));
      await menu(page).click();
      await page.getByRole('button', { name: 'Trace as JSON lines' }).scrollIntoViewIfNeeded();
      const panel = await page.locator('#exports').boundingBox();
      assert.ok(panel.y >= 0 && panel.y + panel.height <= size.height && panel.x >= 0 && panel.x + panel.width <= size.width);
      assert.equal(await sidewaysOverflow(page), 0);
      await assertAccessible(page);
    });
  }
}

/** How many pixels of a picture within a picture are drawn. */
function drawnIn(page, address) {
  return page.evaluate(async (address) => {
    const image = await createImageBitmap(await (await fetch(address)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height).data.filter((value, at) => at % 4 === 3 && value > 0).length;
  }, address);
}

pageTest('dots on a canvas are in the picture of the stage too', { ...DESK, hash: '#scenario=eventual-reads' }, async ({ page }) => {
  const embedded = /<image [^>]*href="(data:image\/png;base64,[^"]+)"/;
  await page.getByRole('button', { name: 'Pause' }).click();
  const few = await saved(page, 'Stage as SVG');
  assert.ok(!embedded.test(few.bytes.toString('utf8')), 'nothing is on the canvas');
  // What is slow on its way piles up, until messages are drawn as dots.
  await page.getByRole('slider', { name: 'Delivery delay', exact: true }).press('End');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('region', { name: 'Stage', exact: true }).waitFor();
  await page.waitForFunction(() => {
    const { width, height } = document.querySelector('canvas.swarm');
    const dots = document.querySelector('canvas.swarm').getContext('2d').getImageData(0, 0, width, height).data;
    // About a hundred messages: so many that there are still more than are drawn one by one when the pause comes.
    return dots.filter((value, at) => at % 4 === 3 && value > 0).length > 2_300;
  });
  await page.getByRole('button', { name: 'Pause' }).click();
  const many = await saved(page, 'Stage as SVG');
  const [, address] = embedded.exec(many.bytes.toString('utf8'));
  assert.ok((await drawnIn(page, address)) > 1_000);
  assert.equal((await svgOf(page, many.bytes)).outside, 0);
});

/** The lines of a table, each of as many cells as its head. Cells with a comma are in quotation marks. */
function tableOf(bytes) {
  const text = bytes.toString('utf8');
  assert.ok(text.endsWith('\r\n'));
  const lines = text.trimEnd().split('\r\n');
  const cells = (line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).filter((cell, n, all) => cell !== '' || all[n - 1]?.endsWith(',')).length;
  for (const line of lines) assert.equal(cells(line), cells(lines[0]), line);
  return { head: lines[0], columns: cells(lines[0]), lines: lines.slice(1) };
}

pageTest('tables have a head and as many cells in each line', { ...DESK, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await toTheEnd(page);
  const log = await saved(page, 'Log as CSV');
  assert.equal(log.name, 'scenario-b-log.csv');
  const lines = tableOf(log.bytes);
  assert.equal(lines.head, 'at_us,step,of,event,tone,text');
  assert.ok(lines.lines.length > 10);
  const metrics = await saved(page, 'Metrics as CSV');
  assert.equal(metrics.name, 'scenario-b-metrics.csv');
  assert.match(tableOf(metrics.bytes).head, /^at_us,projection,projection_lag_us,/);
  assert.equal(tableOf(metrics.bytes).columns, 11);
  const staleness = await saved(page, 'Staleness as CSV');
  assert.equal(staleness.name, 'scenario-b-staleness.csv');
  assert.equal(tableOf(staleness.bytes).columns, 18);
  assert.ok(tableOf(staleness.bytes).lines.length > 10);
  const ledger = await saved(page, 'Ledger as CSV');
  assert.match(ledger.name, /^scenario-b-ledger-at-\d+\.\d\ds\.csv$/);
  assert.equal(tableOf(ledger.bytes).head, 'cell,truth,copy,shows,stands');
  assert.ok(tableOf(ledger.bytes).lines.some((line) => line.endsWith(',wrong')));
});

pageTest('other tools get what they read', { ...PHONE, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await toTheEnd(page);
  await openDrawer(page, PHONE, 'Log');
  const events = await saved(page, 'Events as CloudEvents');
  assert.equal(events.name, 'scenario-b-cloudevents.json');
  const batch = JSON.parse(events.bytes);
  assert.ok(batch.length > 0 && batch.every((event) => event.specversion === '1.0' && event.id && event.source && event.type));
  const timeline = await saved(page, 'Timeline for Perfetto');
  assert.equal(timeline.name, 'scenario-b-perfetto.json');
  assert.ok(JSON.parse(timeline.bytes).traceEvents.length > 10);
  const messages = await saved(page, 'Messages as a Mermaid diagram');
  assert.equal(messages.name, 'scenario-b-messages.mmd');
  assert.match(messages.bytes.toString('utf8'), /^sequenceDiagram\n/);
  const trace = await saved(page, 'Trace as JSON lines');
  assert.equal(trace.name, 'scenario-b-trace.jsonl');
  const lines = trace.bytes.toString('utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines.length > 10 && lines.every((line) => Number.isInteger(line.at_us) && typeof line.text === 'string'));
});

pageTest('the menu is opened, walked and left by keyboard', { ...DESK, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click();
  await menu(page).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  assert.equal(await focused(), 'Stage as PNG');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  assert.match((await download).suggestedFilename(), /^scenario-b-stage-at-.*\.png$/);
  await page.getByRole('button', { name: 'Stage as PNG' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stage as PNG' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Stage as PNG' }).waitFor({ state: 'hidden' });
  assert.match(await focused(), /Export/);
});

pageTest('both pictures of twins can be saved', { ...DESK, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await page.getByRole('button', { name: 'Twin', exact: true }).click();
  await page.getByRole('button', { name: /^remember processed events/ }).click();
  await page.getByRole('region', { name: 'Stage of the twin', exact: true }).waitFor();
  const twin = await saved(page, 'Stage of the twin as SVG');
  assert.match(twin.name, /^scenario-b-twin-at-/);
  const seen = await svgOf(page, twin.bytes);
  assert.match(seen.title, /: Stage of the twin at /);
  assert.deepEqual([seen.broken, seen.classes, seen.missing], ['', 0, []]);
});
