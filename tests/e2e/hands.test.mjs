// Everything on the stage can be touched: messages, parts and links, by mouse and by keyboard alone.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest, sidewaysOverflow, waitUntilKnown } from './page.mjs';

const PHONE = { width: 390, height: 844, touch: true };
const panel = (page) => page.locator('.panel.hand');
const offer = (page, name) => panel(page).getByRole('button', { name });
const told = (page, words) => page.getByRole('status').filter({ hasText: words });
const inFlight = (page) => page.getByRole('region', { name: 'In flight' });

/** At rest, at a moment when an event is on its way to a projector; its name in the list is returned. */
async function withDelivery(page) {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  const delivery = inFlight(page).getByRole('row').filter({ hasText: /→ (dashboard|order view)/ }).getByRole('button').first();
  for (let n = 0; n < 60 && !(await delivery.count()); n += 1) await page.keyboard.press('ArrowRight');
  return delivery;
}

/** Moves the focus with Tab until it is on something with this name. */
async function tabTo(page, role, name) {
  const wanted = page.getByRole(role, { name }).first();
  for (let n = 0; n < 160; n += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return wanted;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${name}`);
}

/** Presses a part of the stage, and on its card what leads to all that can be done to it. */
async function takeHold(page, name, press = (button) => button.click()) {
  await press(page.getByRole('button', { name }).first());
  await press(page.getByRole('button', { name: 'What can be done…' }));
  await panel(page).waitFor();
}

/** The middle, in the window, of the line that leaves one part and ends at another. */
async function middleOfLine(page, from, to) {
  const boxes = await Promise.all([from, to].map((one) => one.boundingBox()));
  return page.evaluate(([from, to]) => {
    const beside = (box, { x, y }) => Math.hypot(Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height));
    const lines = [...document.querySelectorAll('.picture path.line')].map((path) => {
      const at = (share) => path.getPointAtLength(path.getTotalLength() * share).matrixTransform(path.getScreenCTM());
      return { far: beside(from, at(0)) + beside(to, at(1)), middle: { x: at(0.5).x, y: at(0.5).y } };
    });
    return lines.sort((a, b) => a.far - b.far)[0].middle;
  }, boxes);
}

pageTest('a message is dropped by mouse, told, and the drop is taken back', {}, async ({ page }) => {
  const delivery = await withDelivery(page);
  await delivery.click();
  await panel(page).getByText(/the delivery of O-\d+/).waitFor();
  await assertAccessible(page);
  await offer(page, 'Drop').click();
  await panel(page).waitFor({ state: 'hidden' });
  await told(page, /You drop the delivery of O-\d+/).waitFor();
  await page.getByRole('log').getByText(/you drop the delivery of/).waitFor();
  await inFlight(page).getByText('lost').first().waitFor();
  await page.getByRole('button', { name: 'Undo it' }).click();
  await page.getByRole('log').getByText(/you drop the delivery of/).waitFor({ state: 'detached' });
  assert.equal(await inFlight(page).getByText('lost').count(), 0);
});

pageTest('a message is held and released by keyboard alone', {}, async ({ page }) => {
  const delivery = await withDelivery(page);
  await delivery.focus();
  await page.keyboard.press('Enter');
  await panel(page).waitFor();
  // The first thing that can be done has the focus; the arrows lead on.
  while (!(await offer(page, 'Hold').evaluate((button) => button === document.activeElement))) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await told(page, /You hold the delivery/).waitFor();
  const held = inFlight(page).getByRole('list').getByRole('button', { name: /the delivery of O-\d+/ });
  await held.focus();
  await page.keyboard.press('Enter');
  await offer(page, 'Release').press('Enter');
  await told(page, /You release the delivery/).waitFor();
  await held.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await held.waitFor();
});

pageTest('a message is doubled, overtaken and followed', {}, async ({ page }) => {
  const delivery = await withDelivery(page);
  await delivery.click();
  await offer(page, 'Duplicate').click();
  await inFlight(page).getByText(/second copy/).first().waitFor();
  await page.keyboard.press('Control+z');
  await inFlight(page).getByText(/second copy/).waitFor({ state: 'detached' });
  await delivery.click();
  await panel(page).getByLabel('For how long').selectOption({ label: '2 s' });
  await offer(page, /Let others overtake, 2 s/).click();
  await told(page, /others may pass/).waitFor();
  await delivery.click();
  const follow = offer(page, /ollow(ing)? e\d+/);
  const before = await follow.getAttribute('aria-pressed');
  await follow.click();
  assert.notEqual(await follow.getAttribute('aria-pressed'), before);
});

pageTest('a part is looked into, crashed and brought back by keyboard alone', {}, async ({ page }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  await tabTo(page, 'button', /^Projector/);
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'What can be done…');
  await page.keyboard.press('Enter');
  await panel(page).getByText('in its queue').waitFor();
  await panel(page).getByText('parked').waitFor();
  await offer(page, /^Crash for/).press('Enter');
  await told(page, /You let order-view projector 1 crash/).waitFor();
  // The focus is back where it was.
  await page.keyboard.press('Enter');
  await panel(page).getByText('stopped by you').waitFor();
  await offer(page, 'Restart').press('Enter');
  await told(page, /You bring order-view projector 1 back/).waitFor();
  await page.keyboard.press('Enter');
  await offer(page, 'Slow down tenfold').press('Enter');
  await told(page, /ten times slower/).waitFor();
  await page.keyboard.press('Escape');
});

pageTest('a link is cut and healed', {}, async ({ page }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  const outbox = page.getByRole('button', { name: /^Outbox/ });
  const middle = await middleOfLine(page, outbox, page.locator('.frame-title', { hasText: 'Broker' }));
  await page.mouse.click(middle.x, middle.y);
  const open = page.getByRole('button', { name: 'What can be done…' });
  await open.press('Enter');
  await offer(page, /^Cut the link to the broker/).waitFor();
  await offer(page, /^Cut both ways/).click();
  await told(page, /You cut the link from the order service to the broker/).waitFor();
  await open.press('Enter');
  await panel(page).waitFor();
  assert.equal(await offer(page, /^Cut/).count(), 0);
  await offer(page, 'Heal the link').click();
  await told(page, /You heal the link/).waitFor();
  await page.getByRole('log').getByText(/you heal the link/).first().waitFor();
});

pageTest('time rests while one reads what can be done, and runs on afterwards', {}, async ({ page }) => {
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await takeHold(page, /^Command handler/);
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
});

for (const colorScheme of ['light', 'dark']) {
  pageTest(`on a phone a part is taken in hand by touch, in ${colorScheme}`, { ...PHONE, colorScheme }, async ({ page }) => {
    await waitUntilKnown(page);
    await takeHold(page, /^Command handler/, (button) => button.tap());
    assert.equal(await sidewaysOverflow(page), 0);
    await assertAccessible(page);
    const box = await panel(page).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844, 'the panel lies in the window');
    await offer(page, /^Pause for/).tap();
    await told(page, /You pause the order service/).waitFor();
    assert.equal(await sidewaysOverflow(page), 0);
    await page.getByRole('button', { name: 'Undo it' }).tap();
  });
}

pageTest('a hundredth of the speed, and the ticks of what is selected', {}, async ({ page }) => {
  const delivery = await withDelivery(page);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption({ label: '1/100 ×' });
  await delivery.click();
  assert.match(await page.locator('.commands path.lit').getAttribute('d'), /^M/);
});

pageTest('a command is sent by hand and answered, by keyboard alone', {}, async ({ page }) => {
  await waitUntilKnown(page);
  await page.getByRole('button', { name: 'Send a command…' }).press('Enter');
  const form = page.getByRole('dialog', { name: 'Send a command' });
  await form.waitFor();
  await assertAccessible(page);
  await form.getByLabel('Quantity').fill('3');
  await form.getByLabel('Quantity').press('Enter');
  await form.getByRole('status').getByText(/^Accepted: .*OrderCreated/).waitFor();
  await form.getByRole('button', { name: 'Close' }).press('Enter');
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('log').getByText(/CreateOrder for O-\d+/).first().waitFor();
});

for (const colorScheme of ['light', 'dark']) {
  pageTest(`a refusal is an answer with its kind, on a phone in ${colorScheme}`, { ...PHONE, colorScheme }, async ({ page }) => {
    await waitUntilKnown(page);
    await takeHold(page, /^Shoppers/, (button) => button.tap());
    await offer(page, /^Send a command…/).tap();
    const form = page.getByRole('dialog', { name: 'Send a command' });
    await form.getByLabel('Quantity').fill('0');
    await form.getByRole('button', { name: 'Send', exact: true }).tap();
    await form.getByRole('status').getByText(/^Refused, makes no sense by itself: /).waitFor();
    assert.equal(await sidewaysOverflow(page), 0);
    await assertAccessible(page);
  });
}

for (const size of [{}, PHONE]) {
  pageTest(`a query is asked by hand and answered, ${size.width ?? 1440} wide`, size, async ({ page }) => {
    await waitUntilKnown(page);
    if (size.touch) {
      await takeHold(page, /^Shoppers/, (button) => button.tap());
      await offer(page, /^Ask a query…/).tap();
    } else {
      await page.getByRole('button', { name: 'Ask a query…' }).press('Enter');
    }
    const form = page.getByRole('dialog', { name: 'Ask a query' });
    await form.waitFor();
    await form.getByLabel(/^Query/).selectOption('A list of orders');
    await form.getByLabel('Sorted').selectOption('the dearest first');
    assert.equal(await sidewaysOverflow(page), 0);
    await assertAccessible(page);
    await form.getByRole('button', { name: 'Ask', exact: true }).press('Enter');
    await form.getByRole('status').getByText(/^q\d+ is answered by the order view, .* behind the log; (true when it left|stale)/).waitFor();
    await form.getByRole('listitem').filter({ hasText: /^O-\d+: / }).first().waitFor();
    await assertAccessible(page);
    await form.getByRole('button', { name: 'Close' }).press('Enter');
    await form.waitFor({ state: 'hidden' });
    // It is a change like any other: the run without it is one step back.
    await page.getByRole('region', { name: 'Stage' }).getByRole('button', { name: /^Query API: / }).waitFor();
    await page.getByRole('button', { name: 'Undo', exact: true }).press('Enter');
    await page.getByRole('region', { name: 'Stage' }).getByRole('button', { name: /^Query API: / }).waitFor({ state: 'detached' });
  });
}

for (const size of [{}, PHONE]) {
  pageTest(`filters and a promise are chosen for one query, ${size.width ?? 1440} wide`, { ...size, hash: '#scenario=paging' }, async ({ page }) => {
    await waitUntilKnown(page);
    await page.getByRole('button', { name: 'To the end' }).press('Enter');
    if (size.touch) {
      await takeHold(page, /^(Shoppers|Query clients)/, (button) => button.tap());
      await offer(page, /^Ask a query…/).tap();
    } else {
      await page.getByRole('button', { name: 'Ask a query…' }).press('Enter');
    }
    const form = page.getByRole('dialog', { name: 'Ask a query' });
    await form.waitFor();
    // The newest order stands first, and there are others.
    await form.getByRole('combobox', { name: 'Order', exact: true }).locator('option:nth-child(2)').waitFor({ state: 'attached' });
    await form.getByLabel('Promised').selectOption('not too old, or refused');
    const oldest = form.getByLabel(/^Oldest/);
    await oldest.fill('0');
    await oldest.press('Tab');
    assert.equal(await sidewaysOverflow(page), 0);
    await assertAccessible(page);
    await form.getByLabel('Promised').selectOption('from the write side, for one order');
    await oldest.waitFor({ state: 'detached' });
    await form.getByRole('button', { name: 'Ask', exact: true }).press('Enter');
    await form.getByRole('status').getByText(/^q\d+ is answered by the order service/).waitFor();
    await form.getByRole('button', { name: 'Close' }).press('Enter');
  });
}

pageTest('products are asked for by category and price', { hash: '#scenario=read-models' }, async ({ page }) => {
  await waitUntilKnown(page);
  await page.getByRole('button', { name: 'Ask a query…' }).press('Enter');
  const form = page.getByRole('dialog', { name: 'Ask a query' });
  await form.getByLabel(/^Query/).selectOption('Products for sale');
  await form.getByLabel('Category').waitFor();
  await form.getByLabel(/^Price at least/).fill('1');
  await form.getByLabel(/^Price at most/).fill('2');
  await form.getByRole('button', { name: 'Ask', exact: true }).press('Enter');
  await form.getByRole('status').getByText('It has no rows.').waitFor();
  await form.getByLabel(/^Price at most/).fill('');
  await form.getByRole('button', { name: 'Ask', exact: true }).press('Enter');
  await form.getByRole('listitem').first().waitFor();
  await assertAccessible(page);
});

pageTest('a link is reached and cut by keyboard alone', {}, async ({ page }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('.');
  const link = await tabTo(page, 'button', 'Link from the order service to the broker');
  await link.press('Enter');
  await panel(page).getByRole('heading', { name: 'Link from the order service to the broker' }).waitFor();
  await assertAccessible(page);
  await offer(page, /^Cut the link to the broker/).press('Enter');
  await told(page, /You cut the link from the order service to the broker/).waitFor();
  await page.getByRole('button', { name: 'Link from the order service to the broker: cut' }).waitFor();
});

for (const size of [{}, PHONE]) {
  pageTest(`a message that is pressed on the stage opens what can be done to it, ${size.width ?? 1440} wide`, size, async ({ page }) => {
    await waitUntilKnown(page);
    await page.keyboard.press('.');
    const message = page.locator('.messages .message.event').first();
    for (let n = 0; n < 60 && !(await message.count()); n += 1) await page.keyboard.press('ArrowRight');
    const { x, y, width, height } = await message.boundingBox();
    const at = [x + width / 2, y + height / 2];
    await (size.touch ? page.touchscreen.tap(...at) : page.mouse.click(...at));
    await panel(page).waitFor();
    await offer(page, /^Hold/).waitFor();
    await assertAccessible(page);
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'detached' });
  });
}
