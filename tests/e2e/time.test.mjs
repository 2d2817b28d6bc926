// Any moment, both ways: by dragging, by buttons and by keys alone.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest, waitUntilKnown } from './page.mjs';

const moment = (page) => page.getByRole('slider', { name: 'Moment' });
const now = async (page) => Number(await moment(page).getAttribute('aria-valuenow'));

/** What the page says of the moment: the ledger and the verdicts in words. */
function told(page) {
  return page.evaluate(() => {
    const text = (selector) => document.querySelector(selector).innerText;
    return [text('.ledger table'), text('.verdicts'), text('.position')].join('\n');
  });
}

pageTest('dragging leads to any moment and back to the very same picture', { hash: '#scenario=scenario-b' }, async ({ page }) => {
  await waitUntilKnown(page);
  const track = await moment(page).boundingBox();
  const y = track.y + track.height / 2;
  const at = (share) => track.x + share * track.width;

  await page.mouse.move(at(0.9), y);
  await page.mouse.down();
  const late = await told(page);
  await page.mouse.move(at(0.2), y, { steps: 8 });
  const early = await told(page);
  await page.mouse.move(at(0.9), y, { steps: 8 });
  assert.equal(await told(page), late);
  await page.mouse.move(at(0.2), y);
  assert.equal(await told(page), early);
  await page.mouse.up();
  assert.notEqual(early, late);
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
});

pageTest('the page is used by keyboard alone', { hash: '#scenario=scenario-b' }, async ({ page }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  await page.keyboard.press('Home');
  assert.equal(await now(page), 0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText(/event 2 of/).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByText(/event 1 of/).waitFor();

  // Shift leads from mark to mark: the crash, then the broken promise.
  await page.keyboard.press('Shift+ArrowRight');
  const crash = await now(page);
  await page.keyboard.press('Shift+ArrowRight');
  assert.ok((await now(page)) > crash);
  await page.getByRole('button', { name: /^Exactly once: broken/ }).waitFor();
  await page.keyboard.press('Shift+ArrowLeft');
  assert.equal(await now(page), crash);

  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await page.keyboard.press('.');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();

  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await help.getByText('play or pause').waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });

  // Tab reaches a protection, the arrows choose it, and Enter replays with it.
  const wanted = page.getByRole('radio', { name: 'event ids' });
  for (let n = 0; n < 80 && !(await page.getByRole('radiogroup', { name: 'Idempotency' }).evaluate((group) => group.contains(document.activeElement))); n += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('ArrowRight');
  assert.ok(await wanted.isChecked());
  const replay = page.getByRole('button', { name: 'Replay with this' });
  for (let n = 0; n < 80 && !(await replay.evaluate((button) => button === document.activeElement)); n += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.getByRole('button', { name: /^O-900 quantity in the order view: 2\. Why/ }).waitFor();
});

for (const [where, size] of [['', {}], [', on a phone', { width: 390, height: 844 }]]) {
  pageTest(`Shift and the arrows stop where a verdict changes, and the track shows where${where}`, { ...size, hash: '#scenario=scenario-c' }, async ({ page }) => {
    await waitUntilKnown(page);
    await page.keyboard.press('.');
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Order view: true' }).or(page.getByRole('button', { name: 'Order view', exact: true })).first().waitFor();
    const stops = [];
    for (let n = 0; n < 6; n += 1) {
      await page.keyboard.press('Shift+ArrowRight');
      stops.push(await now(page));
      if (await page.getByRole('button', { name: /^Order view: (wrong|at risk)$/ }).count()) break;
    }
    await page.getByRole('button', { name: /^Order view: (wrong|at risk)$/ }).first().waitFor();
    assert.equal(await page.getByTitle(/Order view is at risk$/).count(), 1);
    await page.keyboard.press('Home');
    // At the same moment a promise is broken: its mark has a row of its own, so that each is pressed in its middle.
    await page.getByTitle(/Order view is at risk$/).click();
    assert.equal(await now(page), stops.at(-1));
  });
}

pageTest('acting in the past keeps the branch that was left', {}, async ({ page }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Deliver twice' }).click();
  await page.getByRole('button', { name: /^from 0\.00 s, 1 kept/ }).click();
  await page.getByRole('button', { name: 'main', exact: true }).click();
  await page.getByRole('button', { name: /^main, 1 kept/ }).waitFor();
  await page.getByRole('button', { name: 'Deliver twice' }).waitFor();
});

pageTest('a message that is picked is lit everywhere', {}, async ({ page }) => {
  await page.keyboard.press('.');
  const flights = page.getByRole('region', { name: 'In flight' });
  await flights.getByRole('button', { name: /^e\d+$/ }).first().click();
  assert.ok((await page.locator('.message.selected').count()) > 0);
  assert.ok((await page.locator('.log-line.selected').count()) > 0);
  assert.ok((await page.locator('.ledger tr.selected').count()) > 0);
});

for (const colorScheme of ['light', 'dark']) {
  pageTest(`space-time shows the second delivery and the crash, in ${colorScheme}`, { hash: '#scenario=scenario-b', colorScheme }, async ({ page }) => {
    await page.getByRole('tab', { name: 'Space-time' }).click();
    await page.getByRole('img', { name: /Messages between the parts over time/ }).waitFor();
    await page.keyboard.press('End');
    await page.locator('.arrow.again').waitFor({ state: 'attached' });
    await page.locator('.down-bar').waitFor({ state: 'attached' });
    assert.equal(await page.locator('.dot.broken').count(), 1);
    await assertAccessible(page);
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('log').waitFor();
  });
}

pageTest('who presses “To the end” comes there although it is not known yet, and reads every figure whole', { width: 1440, height: 900, hash: '#scenario=alerts' }, async ({ page }) => {
  await page.evaluate(() => {
    const slider = document.querySelector('[role="slider"][aria-label="Moment"]');
    window.beyond = [];
    const look = () => {
      const told = slider.getAttribute('aria-valuetext');
      const [at, known] = told.split(' of ').map((moment) => parseFloat(moment));
      if (at > known) window.beyond.push(told);
      requestAnimationFrame(look);
    };
    look();
  });
  await page.getByRole('button', { name: 'To the end' }).click();
  await page.getByText('event 33,001 of 33,001').waitFor();
  assert.deepEqual(await page.evaluate(() => window.beyond), [], 'no moment beyond what is known');
  assert.equal(await moment(page).getAttribute('aria-valuetext'), '300.05 s of 300.05 s');
  await page.getByRole('row', { name: /^revenue \$526,511\.55/ }).waitFor();
  const cut = await page.locator('.ledger tbody :is(th, td, .cell, .cell-name)').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
  assert.deepEqual(cut, []);
});
