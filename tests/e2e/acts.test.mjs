// What hands do beside messages: parked events are replayed, links are cut one way, and read models are built anew, by mouse, by
// touch and by keyboard.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest, sidewaysOverflow, waitUntilKnown } from './page.mjs';

const PHONE = { width: 390, height: 844, touch: true };
const panel = (page) => page.locator('.panel.hand');
const offer = (page, name) => panel(page).getByRole('button', { name });
const told = (page, words) => page.getByRole('status').filter({ hasText: words });
const part = (page, name) => page.getByRole('region', { name: 'Stage' }).getByRole('button', { name }).first();

/** Ways to press something: each of these tests is done in each of them. */
const WAYS = [
  ['by mouse', {}, (button) => button.click()],
  ['by keyboard', {}, (button) => button.press('Enter')],
  ['by touch on a phone', PHONE, (button) => button.tap()],
];

async function atTheEnd(page) {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  await page.keyboard.press('End');
}

async function takeHold(page, name, press) {
  // The card of another part may lie over this one.
  const close = page.getByRole('region', { name: 'Part' }).getByRole('button', { name: 'Close' });
  if (await close.count()) await press(close);
  await press(part(page, name));
  await press(page.getByRole('button', { name: 'What can be done…' }));
  await panel(page).waitFor();
}

/** Steps on until a part of the stage is called so. */
async function stepUntil(page, name) {
  for (let n = 0; n < 300 && !(await part(page, name).count()); n += 1) await page.keyboard.press('ArrowRight');
  await part(page, name).waitFor();
}

/** The log says it: on a phone its sheet is opened for that. */
async function logSays(page, words, size) {
  if (size.touch) await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Log' }).tap();
  await page.getByRole('log').getByText(words).first().waitFor();
}

for (const [way, size, press] of WAYS) {
  pageTest(`what a projector has parked is replayed, ${way}`, { ...size, hash: '#scenario=dead-letters' }, async ({ page }) => {
    await atTheEnd(page);
    await takeHold(page, /^Projector/, press);
    await assertAccessible(page);
    await press(offer(page, 'Replay what is parked'));
    await told(page, /You let the .* try again what it has parked/).waitFor();
    assert.equal(await sidewaysOverflow(page), 0);
    await page.keyboard.press('End');
    await logSays(page, /you replay what the .* has parked: \d+/, size);
  });

  pageTest(`a link is cut one way and carries the other, ${way}`, size, async ({ page }) => {
    await waitUntilKnown(page);
    await page.keyboard.press('.');
    await takeHold(page, /^Outbox/, press);
    await press(offer(page, /^Cut the link to the broker for/));
    await told(page, /You cut the link from the order service to the broker/).waitFor();
    // A line that runs straight down has no width, which counts as hidden.
    await page.getByRole('button', { name: 'Link from the order service to the broker: cut' }).waitFor({ state: 'attached' });
    await press(page.getByRole('button', { name: 'What can be done…' }));
    // The way back is whole: it can still be cut, and the one there can be healed.
    await offer(page, /^Cut the link to the order service for/).waitFor();
    await offer(page, 'Heal the link').waitFor();
    assert.equal(await offer(page, /^Cut both ways/).count(), 0);
    assert.equal(await sidewaysOverflow(page), 0);
  });

  pageTest(`a read model is built anew, and the version before serves again, ${way}`, size, async ({ page }) => {
    await waitUntilKnown(page);
    await page.keyboard.press('.');
    await takeHold(page, /^Order view/, press);
    await press(offer(page, 'Rebuild'));
    await told(page, /You rebuild the order view/).waitFor();
    // It is built, follows along as a shadow, and then takes over by itself: before that, a hand is quicker.
    await stepUntil(page, /^Order view v2: .*shadowing/);
    await takeHold(page, /^Order view v1/, press);
    await assertAccessible(page);
    await press(offer(page, 'Switch to the new version'));
    await told(page, /You switch the order view to its new version/).waitFor();
    await stepUntil(page, /^Order view v1: .*deprecated/);
    await takeHold(page, /^Order view v1/, press);
    await press(offer(page, 'Roll back'));
    await told(page, /You roll the order view back/).waitFor();
    await stepUntil(page, /^Order view v1: .*serving/);
    assert.equal(await sidewaysOverflow(page), 0);
    await logSays(page, /you roll the order view back/, size);
  });
}

pageTest('the panel of a part covers nothing of the part, and gives the focus back to the card that opened it', {}, async ({ page }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  for (const name of [/^Order view/, /^Command handler/]) {
    await takeHold(page, name, (button) => button.click());
    const [subject, held] = await Promise.all([part(page, name).boundingBox(), panel(page).boundingBox()]);
    const apart = held.x >= subject.x + subject.width || held.x + held.width <= subject.x;
    assert.ok(apart, `part ${JSON.stringify(subject)}, panel ${JSON.stringify(held)}`);
    // The panel tells what the card told, so the card steps back meanwhile.
    const card = page.getByRole('region', { name: 'Part' });
    await card.waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'What can be done…');
    assert.ok(await card.isVisible());
  }
});

pageTest('who presses something else than the panel of a part has the focus there', {}, async ({ page }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  await takeHold(page, /^Command handler/, (button) => button.click());
  const find = page.getByRole('searchbox', { name: 'Find in the ledger' });
  await find.click();
  await panel(page).waitFor({ state: 'detached' });
  await page.keyboard.type('O-1', { delay: 40 });
  assert.equal(await find.inputValue(), 'O-1');
});

pageTest('the log says which option was changed, from what to what', { hash: '#scenario=scenario-b' }, async ({ page }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  await page.getByRole('radio', { name: 'event ids' }).first().check({ force: true });
  await page.keyboard.press('End');
  await page.getByRole('log').getByText(/you changed .*idempotency from none to processed events/).first().waitFor();
});
