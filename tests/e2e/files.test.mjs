// Files of a person's own: good ones open, bad ones are refused with the reason, and a failure loses nothing.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { pageTest, waitUntilKnown } from './page.mjs';

const SCENARIO_B = new URL('../../public/scenarios/scenario-b.json', import.meta.url);

/** Opens a text as a file, by the menu. */
async function openFile(page, name, text) {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

pageTest('a scenario of one’s own is opened from a file', {}, async ({ page }) => {
  const scenario = JSON.parse(await readFile(SCENARIO_B, 'utf8'));
  scenario.name = 'My own shop';
  await openFile(page, 'mine.json', JSON.stringify(scenario));
  await page.getByRole('heading', { name: 'My own shop' }).waitFor();
  await page.getByRole('button', { name: 'To the end' }).click();
  await page.getByRole('button', { name: /^O-900 quantity in the order view: 4, wrong/ }).waitFor();
});

pageTest('a malformed scenario names the field, and the run goes on', { hash: '#scenario=scenario-b' }, async ({ page }) => {
  const scenario = JSON.parse(await readFile(SCENARIO_B, 'utf8'));
  scenario.options.broker.partitions = 'three';
  await openFile(page, 'bad.json', JSON.stringify(scenario, null, 2));
  const dialog = page.getByRole('dialog', { name: 'This file could not be opened' });
  await dialog.getByText(/options\.broker\.partitions/).waitFor();
  await dialog.getByText('a whole number from 1 to 16').waitFor();
  await dialog.getByText('"three"').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('region', { name: 'Story' }).getByRole('heading', { name: /Scenario B/ }).waitFor();
});

pageTest('a recording that was saved opens as the same run', {}, async ({ page }) => {
  await page.getByRole('button', { name: 'Deliver twice' }).click();
  await page.getByRole('button', { name: 'The first minute' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the recording' }).click(),
  ]);
  const text = await readFile(await download.path(), 'utf8');
  assert.equal(JSON.parse(text).changes.length, 1);
  await page.keyboard.press('Control+z');
  await page.getByRole('button', { name: 'Deliver twice' }).waitFor();
  await openFile(page, 'recording.json', text);
  await page.getByRole('region', { name: 'Story' }).getByRole('heading', { name: 'One event, two deliveries' }).waitFor();
});

pageTest('a failure keeps the page, offers the recording and restarts from it', {}, async ({ page, trouble }) => {
  await page.getByRole('button', { name: 'Deliver twice' }).click();
  await page.getByRole('button', { name: 'Remember processed events' }).waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('cqrs-lab:fail'))).catch(() => {});
  const panel = page.getByRole('alertdialog', { name: 'Something broke. Nothing is lost.' });
  await panel.waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('link', { name: 'Save the recording' }).click(),
  ]);
  assert.equal(JSON.parse(await readFile(await download.path(), 'utf8')).changes.length, 1);
  await panel.getByRole('link', { name: 'Restart from the recording' }).click();
  await page.getByRole('button', { name: 'Remember processed events' }).waitFor();
  assert.ok(await panel.isHidden());
  // The failure was provoked, so what the browser says of it is expected.
  const expected = trouble.filter((line) => /asked the page to fail|unreachable|panicked/.test(line));
  assert.ok(expected.length > 0);
  for (const line of expected) trouble.splice(trouble.indexOf(line), 1);
});

pageTest('the last run is there on return, with what was changed', { hash: '#scenario=scenario-c' }, async ({ page }) => {
  const guard = page.getByRole('radiogroup', { name: 'Sequencing' }).getByRole('radio', { name: 'guard' });
  await guard.check({ force: true });
  await page.reload();
  await page.getByRole('region', { name: 'Story' }).getByRole('heading', { name: /Scenario C/ }).waitFor();
  assert.ok(await guard.isChecked());
});

pageTest('a branch gets a name of its own and outlives a reload, whatever another tab does', {}, async ({ page, context, site }) => {
  await waitUntilKnown(page);
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Deliver twice' }).click();
  await page.getByRole('button', { name: /^from 0\.00 s, 1 kept/ }).click();
  const name = page.getByRole('textbox', { name: 'Name of this branch' });
  await name.fill('twice from the start');
  await name.press('Enter');
  // What another tab does with the same storage is not this tab's business.
  const other = await context.newPage();
  await other.goto(`${site.url}#scenario=scenario-b`);
  await other.getByRole('heading', { name: 'Scenario B: delivered twice' }).waitFor();
  await other.getByRole('button', { name: 'To the end' }).click();
  await other.waitForFunction(() => localStorage.getItem('cqrs-lab.recording')?.includes('delivered twice'));
  await page.bringToFront();
  await page.reload();
  await page.getByRole('button', { name: 'Remember processed events' }).waitFor();
  await page.getByRole('button', { name: /^twice from the start, 1 kept/ }).click();
  await page.getByRole('button', { name: 'main', exact: true }).click();
  await page.getByRole('button', { name: /^main, 1 kept/ }).waitFor();
  await page.getByRole('button', { name: 'Deliver twice' }).waitFor();
});

pageTest('a link that names no scenario says so, and opens what there was', { hash: '#scenario=no-such-scenario' }, async ({ page }) => {
  const dialog = page.getByRole('dialog', { name: 'This link could not be opened' });
  await dialog.getByText('no-such-scenario', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Deliver twice' }).waitFor();
  // The same while the page is open: what runs goes on, and the address names it again.
  await page.evaluate(() => (location.hash = '#scenario=scenario-b'));
  await page.getByRole('heading', { name: 'Scenario B: delivered twice' }).waitFor();
  await page.evaluate(() => (location.hash = '#nothing'));
  await dialog.getByText('#nothing', { exact: true }).first().waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.waitForFunction(() => location.hash === '#scenario=scenario-b');
});
