// The stage: every part of a run has its box, says how it is, and can be reached by pointer, finger and key.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest, waitUntilKnown } from './page.mjs';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844, touch: true };
const stageOf = (page) => page.getByRole('region', { name: 'Stage' });
const part = (page, name) => stageOf(page).getByRole('button', { name });

/** Halts the run and goes to a share of its length. */
async function haltAt(page, share) {
  const moment = page.getByRole('slider', { name: 'Moment' });
  const { x, y, width, height } = await moment.boundingBox();
  await page.mouse.click(x + width * share, y + height / 2);
}

/** The part of the picture that is looked at. */
async function seen(page) {
  const box = await stageOf(page).locator('.picture > svg').getAttribute('viewBox');
  const [x, y, width, height] = box.split(' ').map(Number);
  return { x, y, width, height };
}

const PARTS = [
  ['saga', [/^Shoppers:/, /^Command handler:/, /^Product replica:/, /^Saga:/, /^Payments:/, /^Products:/, /^Dashboard:/]],
  ['read-models', [/^Order history:/, /^Product search:/, /^Product statistics:/, /^Work queue:/]],
  ['read-cache', [/^Query API:/, /^Cache:/, /^Query clients:/]],
  ['read-replicas', [/^Query API:/, /^Replica 1:/, /^Query clients:/]],
  ['queue', [/^Projector 1:/, /^Projector 3:/, /^Order view:/]],
];

for (const size of [DESK, PHONE]) {
  for (const [scenario, names] of PARTS) {
    pageTest(`${scenario} is drawn whole, ${size.width} wide`, { ...size, hash: `#scenario=${scenario}` }, async ({ page }) => {
      for (const name of names) await part(page, name).first().waitFor();
    });
  }

  pageTest(`a part tells how it is, by touch and by key, ${size.width} wide`, { ...size, hash: '#scenario=saga' }, async ({ page }) => {
    const card = stageOf(page).getByRole('region', { name: 'Part' });
    await part(page, /^Command handler:/).click();
    await card.getByRole('heading', { name: 'Command handler' }).waitFor();
    await card.getByRole('button', { name: 'Close' }).click();
    await card.waitFor({ state: 'detached' });
    await part(page, /^Command handler:/).focus();
    await page.keyboard.press('Enter');
    await card.getByRole('heading', { name: 'Command handler' }).waitFor();
  });
}

pageTest('the stage zooms by wheel, by button and by key, and comes back', { ...DESK, hash: '#scenario=four-ways' }, async ({ page }) => {
  const whole = await seen(page);
  const { x, y, width, height } = await stageOf(page).boundingBox();
  await page.mouse.move(x + width / 4, y + height / 2);
  await page.mouse.wheel(0, -300);
  const near = await seen(page);
  assert.ok(near.width < whole.width, 'the wheel enlarges');
  await page.mouse.down();
  await page.mouse.move(x + width / 4 - 80, y + height / 2, { steps: 4 });
  await page.mouse.up();
  assert.ok((await seen(page)).x > near.x, 'dragging moves the picture');
  await page.getByRole('button', { name: 'Fit' }).click();
  assert.deepEqual(await seen(page), whole);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.keyboard.press('-');
  assert.deepEqual(await seen(page), whole);
  await page.keyboard.press('+');
  assert.ok((await seen(page)).width < whole.width, 'a key enlarges');
  await page.keyboard.press('0');
  assert.deepEqual(await seen(page), whole);
});

pageTest('on a phone a tall picture begins at its top, at a size that can be read', { ...PHONE, hash: '#scenario=saga' }, async ({ page }) => {
  const title = stageOf(page).locator('.node-title').first();
  const { height } = await title.boundingBox();
  assert.ok(height >= 9, `a title is ${height} px high`);
  assert.equal((await seen(page)).y, 0);
});

pageTest('faults and protections are said where they act', DESK, async ({ page, open }) => {
  await open('#scenario=broker-outage');
  // The outage lasts from 2 s to 6 s of 7.8.
  await waitUntilKnown(page);
  await haltAt(page, 0.5);
  await stageOf(page).getByText(/^out until /).waitFor();
  await open('#scenario=circuit-breaker');
  await haltAt(page, 0.4);
  await part(page, /^Command handler:.*protection: /).waitFor();
  await part(page, /^Products: down/).waitFor();
});

for (const colorScheme of ['light', 'dark']) {
  for (const size of [DESK, PHONE]) {
    pageTest(`axe-core finds nothing on a full stage ${size.width} wide in ${colorScheme}`, { ...size, colorScheme, hash: '#scenario=saga' }, async ({ page }) => {
      await haltAt(page, 0.4);
      await assertAccessible(page);
    });
  }
}

for (const size of [DESK, PHONE]) {
  pageTest(`queries and their answers fly, and a stale answer says so, ${size.width} wide`, { ...size, hash: '#scenario=read-cache' }, async ({ page }) => {
    await page.keyboard.press('.');
    const query = stageOf(page).locator('.message.query').first();
    const stale = stageOf(page).locator('.message.reply.stale').filter({ hasText: 'stale' }).first();
    for (const wanted of [query, stale]) {
      for (let n = 0; n < 400 && !(await wanted.count()); n += 1) await page.keyboard.press('ArrowRight');
      assert.ok(await wanted.count());
    }
    await assertAccessible(page);
  });
}

pageTest('where nobody asks nothing of the query side is drawn', { ...DESK, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await part(page, /^Dashboard:/).waitFor();
  assert.equal(await part(page, /^Query API:/).count(), 0);
});
