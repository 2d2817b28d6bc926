// On a phone: the stage on top, the transport at the bottom edge, and one sheet at a time.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest, sidewaysOverflow } from './page.mjs';

const PHONE = { width: 390, height: 844, touch: true };
/** The smallest side of a target that a finger finds, in CSS pixels. */
const FINGER = 40;

for (const colorScheme of ['light', 'dark']) {
  pageTest(`each sheet opens over the stage and closes again, in ${colorScheme}`, { ...PHONE, colorScheme }, async ({ page }) => {
    const rooms = page.getByRole('navigation', { name: 'Rooms' });
    for (const [name, inside] of [
      ['Bench', page.getByRole('button', { name: 'Replay with this' })],
      ['Ledger', page.getByRole('columnheader', { name: 'truth' })],
      ['Log', page.getByRole('log')],
    ]) {
      await rooms.getByRole('button', { name }).click();
      await inside.waitFor();
      assert.equal(await sidewaysOverflow(page), 0, name);
      await assertAccessible(page);
      await rooms.getByRole('button', { name }).click();
      await inside.waitFor({ state: 'hidden' });
    }
  });
}

pageTest('what is pressed is large enough for a finger', PHONE, async ({ page }) => {
  const small = await page.evaluate((finger) => {
    const shown = [...document.querySelectorAll('header button, .story button, .rooms button, .transport button, .transport select, .verdicts button')];
    return shown
      .map((element) => ({ name: element.getAttribute('aria-label') ?? element.textContent, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < finger || box.width < finger))
      .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`);
  }, FINGER);
  assert.deepEqual(small, []);
});

pageTest('nothing moves for somebody who asked for that', { ...PHONE, reducedMotion: 'reduce' }, async ({ page }) => {
  const message = page.locator('.message').first();
  await message.waitFor();
  const places = await page.evaluate(async () => {
    const chip = document.querySelector('.message');
    const seen = new Set();
    for (let n = 0; n < 12 && chip.isConnected; n += 1) {
      seen.add(chip.getAttribute('transform'));
      await new Promise(requestAnimationFrame);
    }
    return seen.size;
  });
  assert.equal(places, 1);
});
