// Two runs of the same traffic side by side: one clock, the difference in words, and what came of it marked.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest, sidewaysOverflow } from './page.mjs';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844, touch: true };

const toTheEnd = (page) => page.getByRole('button', { name: 'To the end' }).click();
const bar = (page) => page.getByRole('region', { name: 'Twin', exact: true });
const ledger = (page) => page.getByRole('region', { name: 'Ledger', exact: true });

/** Begins a twin with one of the quick choices. */
async function twinWith(page, protection) {
  await page.getByRole('button', { name: 'Twin', exact: true }).click();
  await page.getByRole('button', { name: new RegExp(`^${protection}`) }).click();
  await bar(page).waitFor();
}

async function openSheet(page, size, name) {
  if (size === PHONE) await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name }).click();
}

for (const size of [DESK, PHONE]) {
  for (const colorScheme of ['light', 'dark']) {
    pageTest(`a twin that remembers stays right where the run goes wrong, ${size.width} wide, ${colorScheme}`, { ...size, colorScheme, hash: '#scenario=scenario-b' }, async ({ page }) => {
      await twinWith(page, 'remember processed events');
      await toTheEnd(page);
      await bar(page).getByText('order view and sales dashboard idempotency: processed events instead of none').waitFor();
      await page.getByRole('button', { name: /^Exactly once: A broken.*B holds/ }).waitFor();
      const signs = page.getByRole('img', { name: /^Order view differs: built otherwise; in A wrong/ });
      assert.equal(await signs.count(), size === DESK ? 2 : 1);
      assert.equal(await sidewaysOverflow(page), 0);
      await assertAccessible(page);
      await openSheet(page, size, 'Ledger');
      await ledger(page).getByText('2 cells differ between A and B').waitFor();
      await ledger(page).getByRole('button', { name: /^O-900 quantity in A: 4, wrong/ }).click();
      await page.getByRole('region', { name: 'Why' }).getByText('In A: Why is').waitFor();
      await ledger(page).getByRole('button', { name: /^O-900 quantity in B: 2\. Why/ }).click();
      await page.getByRole('region', { name: 'Why' }).getByText('In B: Why is').waitFor();
      await assertAccessible(page);
      await ledger(page).getByRole('checkbox', { name: 'only differences' }).click();
      await ledger(page).getByText(/^2 of \d+ cells differ$/).waitFor();
    });
  }
}

pageTest('the twin is kept by key while the list of promises is open', { ...DESK, hash: '#scenario=lost-update' }, async ({ page }) => {
  await twinWith(page, 'parking what fails');
  await page.getByRole('button', { name: /more, the same in both$/ }).press('Enter');
  await bar(page).getByRole('button', { name: 'Keep B' }).press('Enter');
  await bar(page).waitFor({ state: 'detached' });
  // The page must not have ended with the list.
  const now = () => page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuenow');
  const before = await now();
  await page.waitForTimeout(500);
  assert.notEqual(await now(), before);
});

pageTest('one transport drives both pictures', { ...DESK, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await twinWith(page, 'remember processed events');
  const pictures = ['Stage', 'Stage of the twin'].map((name) => page.getByRole('region', { name, exact: true }));
  await page.getByRole('button', { name: 'To the beginning' }).click();
  for (const picture of pictures) await picture.getByRole('button', { name: /^Shoppers: 0 sent/ }).waitFor();
  await page.getByRole('button', { name: 'One step on' }).click();
  for (const picture of pictures) await picture.getByRole('button', { name: /^Shoppers: 1 sent/ }).waitFor();
  await toTheEnd(page);
  await pictures[0].getByRole('button', { name: /^Order view: wrong/ }).waitFor();
  await pictures[1].getByRole('button', { name: /^Order view: 1 of 1 rows/ }).waitFor();
});

pageTest('swap, keep and close, each taken back', { ...DESK, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await twinWith(page, 'remember processed events');
  await toTheEnd(page);
  await bar(page).getByRole('button', { name: 'Swap' }).click();
  await bar(page).getByText('order view and sales dashboard idempotency: none instead of processed events').waitFor();
  await page.getByRole('button', { name: /^Exactly once: A holds.*B broken/ }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: /^Exactly once: A broken.*B holds/ }).waitFor();
  await bar(page).getByRole('button', { name: 'Keep B' }).click();
  await bar(page).waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Stage' }).getByRole('button', { name: /^Order view: 1 of 1 rows/ }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await bar(page).getByRole('button', { name: 'Close the twin' }).click();
  await bar(page).waitFor({ state: 'detached' });
  await page.getByRole('columnheader', { name: 'dashboard' }).waitFor();
});

pageTest('any option of the bench can differ, and a hand acts on both', { ...DESK, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await page.getByRole('button', { name: 'Twin', exact: true }).click();
  await page.getByRole('button', { name: /^Any other option/ }).click();
  await bar(page).getByText('Nothing differs yet').waitFor();
  const sides = page.getByRole('radiogroup', { name: 'The bench shows' });
  assert.ok(await sides.getByRole('radio', { name: 'B, the twin' }).isChecked());
  await page.getByRole('radio', { name: 'guard' }).check();
  await bar(page).getByText('order view and sales dashboard sequencing: version guard instead of none').waitFor();
  await sides.getByRole('radio', { name: 'A, the run' }).check();
  assert.ok(await page.getByRole('radiogroup', { name: 'Sequencing' }).getByRole('radio', { name: 'none' }).isChecked());
  const stage = page.getByRole('region', { name: 'Stage', exact: true });
  await stage.getByRole('button', { name: /^Dashboard:/ }).focus();
  await page.keyboard.press('Enter');
  await stage.getByRole('button', { name: 'What can be done…' }).click();
  await page.getByText('What you do here is done in A and in B.').waitFor();
  await page.keyboard.press('Escape');
  await bar(page).getByRole('button', { name: /^Drop the difference in order view and sales dashboard sequencing/ }).click();
  await bar(page).getByText('Nothing differs yet').waitFor();
});

pageTest('with the keyboard alone: begun, stepped, asked and closed', { ...DESK, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await page.getByRole('button', { name: 'Twin', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^remember processed events/);
  await page.keyboard.press('Enter');
  await bar(page).waitFor();
  await page.keyboard.press('End');
  const right = ledger(page).getByRole('button', { name: /^O-900 total in A: \$199\.96, wrong/ });
  await right.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Why' }).waitFor();
  await page.keyboard.press('Home');
  await ledger(page).getByText('No cell differs between A and B at this moment.').waitFor();
  await bar(page).getByRole('button', { name: 'Close the twin' }).focus();
  await page.keyboard.press('Enter');
  await bar(page).waitFor({ state: 'detached' });
});

pageTest('a phone shows one picture at a time, and the twin outlives a reload', { ...PHONE, hash: '#scenario=scenario-b' }, async ({ page }) => {
  await twinWith(page, 'remember processed events');
  await toTheEnd(page);
  const twin = page.getByRole('region', { name: 'Stage of the twin' });
  await twin.getByRole('button', { name: /^Order view: 1 of 1 rows/ }).waitFor();
  await page.getByRole('radiogroup', { name: 'Picture' }).getByRole('radio', { name: 'A' }).check();
  await twin.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Stage' }).getByRole('button', { name: /^Order view: wrong/ }).waitFor();
  await page.reload();
  await bar(page).getByText('order view and sales dashboard idempotency: processed events instead of none').waitFor();
  assert.equal(await sidewaysOverflow(page), 0);
});
