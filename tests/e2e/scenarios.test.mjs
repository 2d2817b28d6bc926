// The seeds' scenarios B and C: each goes wrong as its source says, and comes right with each of its fixes.

import assert from 'node:assert/strict';
import { pageTest } from './page.mjs';

const toTheEnd = (page) => page.getByRole('button', { name: 'To the end' }).click();
const cell = (page, name) => page.getByRole('button', { name });

/** Chooses `label` in the segmented control `name` and replays the same traffic with it. */
async function replayWith(page, name, label) {
  await page.getByRole('radiogroup', { name }).getByRole('radio', { name: label, exact: true }).check({ force: true });
  await page.getByRole('button', { name: 'Replay with this' }).click();
  await page.keyboard.press('.');
}

async function verdicts(page) {
  return page.getByRole('region', { name: 'Verdicts' }).locator('.chip-long').allTextContents();
}

pageTest('scenario B is opened from the menu, doubles the quantity and says why', {}, async ({ page }) => {
  await page.getByRole('button', { name: 'The first minute' }).click();
  await page.getByRole('button', { name: 'Scenario B: delivered twice' }).click();
  await toTheEnd(page);
  await cell(page, /^O-900 total in the order view: \$199\.96, wrong/).waitFor();
  await cell(page, /^O-900 quantity in the order view: 4, wrong/).click();
  const why = page.getByRole('region', { name: 'Why' });
  await why.getByRole('heading', { name: 'Why is O-900 quantity wrongly 4?' }).waitFor();
  await why.getByText('second delivery of e1 was applied').waitFor();
  await why.getByText(/crashes between the write and the commit/).waitFor();
});

for (const fix of ['event ids', 'last id', 'upsert']) {
  pageTest(`scenario B comes right with ${fix}`, { hash: '#scenario=scenario-b' }, async ({ page }) => {
    await replayWith(page, 'Idempotency', fix);
    await toTheEnd(page);
    await cell(page, /^O-900 quantity in the order view: 2\. Why/).waitFor();
    await cell(page, /^O-900 total in the order view: \$99\.98\. Why/).waitFor();
    assert.ok((await verdicts(page)).every((text) => !/broken|wrong/.test(text)));
  });
}

pageTest('scenario C shows shipped for ever and says why', { hash: '#scenario=scenario-c' }, async ({ page }) => {
  await toTheEnd(page);
  await cell(page, /^O-900 status in the order view: shipped, wrong/).click();
  const why = page.getByRole('region', { name: 'Why' });
  await why.getByText(/goes back in the order view: e2 came after a later event/).waitFor();
  assert.ok((await verdicts(page)).some((text) => /^Status order: broken at/.test(text)));
});

for (const [name, fix] of [
  ['Partitioned by', 'order'],
  ['Sequencing', 'guard'],
  ['Sequencing', 'fold'],
]) {
  pageTest(`scenario C comes right with ${name} ${fix}`, { hash: '#scenario=scenario-c' }, async ({ page }) => {
    await replayWith(page, name, fix);
    await toTheEnd(page);
    await cell(page, /^O-900 status in the order view: delivered\. Why/).waitFor();
    assert.ok((await verdicts(page)).every((text) => !/broken|wrong/.test(text)));
  });
}

pageTest('a control that was turned is marked, and reset brings it back', { hash: '#scenario=scenario-b' }, async ({ page }) => {
  const faults = page.getByRole('region', { name: 'Faults' });
  const slider = faults.getByRole('slider', { name: 'Delivered twice' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await faults.getByText('Delivered twice, changed from the scenario').waitFor();
  assert.equal(await slider.getAttribute('aria-valuetext'), '0.1 %');
  await page.getByRole('button', { name: 'Reset' }).click();
  await faults.getByText('changed from the scenario').waitFor({ state: 'detached' });
  assert.equal(await slider.getAttribute('aria-valuetext'), 'off');
});
