// The staleness of a copy: whose, in what, since when, why; its picture leads to any moment, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { comesToMatch, pageTest, sidewaysOverflow } from './page.mjs';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844, touch: true };

const picture = (page) => page.getByRole('slider', { name: 'Lag over time' });
const tells = (page, pattern) => comesToMatch(() => picture(page).getAttribute('aria-valuetext'), pattern);
const clock = async (page) => parseFloat(await page.locator('.position .now').innerText());

/** Opens the room, with the whole run known and at rest. */
async function openStaleness(page, size) {
  await page.getByRole('button', { name: 'Pause' }).click();
  if (size === PHONE) await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Log' }).click();
  await page.getByRole('tab', { name: 'Staleness' }).click();
  // Until the whole run is read, the line says that there is more to come.
  await page.locator('#drawer-panel').getByText(/^sampled every [^,]+$/).waitFor();
}

pageTest('the arrows go from tab to tab and do not step through the run', DESK, async ({ page }) => {
  await page.getByRole('button', { name: 'Pause' }).click();
  const step = await page.locator('.position-event').innerText();
  await page.getByRole('tab', { name: 'Log' }).focus();
  for (const name of ['Space-time', 'Staleness', 'Metrics']) {
    await page.keyboard.press('ArrowRight');
    const tab = page.getByRole('tab', { name });
    await comesToMatch(() => tab.getAttribute('aria-selected'), /^true$/);
    await comesToMatch(() => tab.evaluate((element) => element === document.activeElement), /^true$/);
    await page.getByRole('tabpanel', { name }).waitFor();
  }
  await page.keyboard.press('ArrowRight');
  await page.getByRole('log').waitFor();
  assert.equal(await page.locator('.position-event').innerText(), step);
});

for (const size of [DESK, PHONE]) {
  for (const colorScheme of ['light', 'dark']) {
    pageTest(`the lag is shown with its causes, ${size.width} wide, in ${colorScheme}`, { ...size, colorScheme, hash: '#scenario=alerts' }, async ({ page }) => {
      await openStaleness(page, size);
      const box = await picture(page).boundingBox();
      // In the middle of the picture the projection has fallen behind by about half of the time that has passed.
      if (size === DESK) {
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await tells(page, /^1[3-6]\d\.\d\d s: [67]\d\.\d\d s and 1,\d{3} events behind; .*queueing: [67]\d\.\d\d s, 1,\d{3} events/);
        await page.mouse.move(5, 5);
      }
      await picture(page).click({ position: { x: box.width / 2, y: box.height / 2 } });
      await page.waitForFunction(() => parseFloat(document.querySelector('.position .now').textContent) > 100);
      assert.ok((await clock(page)) < 200);
      await page.getByText('alert above 60 s').waitFor();
      await page.getByText('objective: 99 % within 3 s').first().waitFor();
      assert.equal(await sidewaysOverflow(page), 0);
      await assertAccessible(page);
    });
  }
}

pageTest('the picture is read and left by keyboard alone', { ...DESK, hash: '#scenario=alerts' }, async ({ page }) => {
  await openStaleness(page, DESK);
  await picture(page).focus();
  await page.keyboard.press('End');
  await tells(page, /^300\.\d\d s: /);
  await page.keyboard.press('PageDown');
  await page.keyboard.press('ArrowLeft');
  await tells(page, /^29\d\.\d\d s: .*behind; .*queueing/);
  assert.ok((await clock(page)) < 60, 'asking for figures goes nowhere');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => parseFloat(document.querySelector('.position .now').textContent) > 280);
});

pageTest('another copy is chosen, and events are counted', { ...DESK, hash: '#scenario=alerts' }, async ({ page }) => {
  await openStaleness(page, DESK);
  await picture(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('PageDown');
  await tells(page, /events behind/);
  await page.getByRole('combobox', { name: 'Whose staleness' }).selectOption('sales dashboard');
  await page.getByText('objective: 99 % within 3 s').first().waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: 'events' }).check();
  await page.getByRole('combobox', { name: 'Whose staleness' }).selectOption('order view');
  await picture(page).focus();
  await page.keyboard.press('Home');
  await tells(page, /^0\.00 s: 0 s and 0 events behind$/);
  await page.locator('.lag-figure', { hasText: /^1000$|^1,000$/ }).waitFor();
});

pageTest('the copy at an edge is chosen, and what it lacks beyond its model has a cause of its own', { ...DESK, hash: '#scenario=edges' }, async ({ page }) => {
  await openStaleness(page, DESK);
  const whose = page.getByRole('combobox', { name: 'Whose staleness' });
  const copying = page.locator('.lag-cause', { hasText: 'copying' });
  await copying.waitFor({ state: 'hidden' });
  await whose.selectOption('order view at edge 3');
  await copying.waitFor();
  await page.locator('.lag-area[fill="url(#lag-copying)"]').first().waitFor({ state: 'attached' });
  await whose.selectOption('order view');
  await copying.waitFor({ state: 'hidden' });
});

pageTest('answers that were served late have marks and a count', { ...DESK, hash: '#scenario=eventual-reads' }, async ({ page }) => {
  await openStaleness(page, DESK);
  await page.getByText(/^\d+ answers stale$/).waitFor();
  await comesToMatch(() => page.locator('.lag-svg .lag-answer.stale').getAttribute('d'), /^M/);
  await page.getByText('higher: alert above 60 s').waitFor();
});

pageTest('what changes in the run changes the picture', { ...DESK, hash: '#scenario=alerts' }, async ({ page }) => {
  await openStaleness(page, DESK);
  await picture(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Escape');
  await page.locator('.lag-area').first().waitFor({ state: 'attached' });
  const before = await page.locator('.lag-area').first().getAttribute('d');
  await page.getByRole('button', { name: 'To the beginning' }).click();
  await page.getByRole('slider', { name: 'Lost', exact: true }).press('ArrowRight');
  await page.waitForFunction((was) => document.querySelector('.lag-area')?.getAttribute('d') !== was, before);
});
