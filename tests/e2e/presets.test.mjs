// The menu of scenarios: on shelves, found by a word, chosen by keyboard, named in the address.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { mounted, pageTest, sidewaysOverflow } from './page.mjs';

const openMenu = (page) => page.locator('header').getByRole('button').first().click();

for (const size of [{}, { width: 390, height: 844, touch: true }]) {
  for (const colorScheme of ['light', 'dark']) {
    pageTest(`axe-core finds nothing in the menu ${size.width ?? 1440} wide in ${colorScheme}`, { ...size, colorScheme }, async ({ page }) => {
      await openMenu(page);
      await page.getByRole('group', { name: 'B · Command side' }).waitFor();
      await assertAccessible(page);
      assert.equal(await sidewaysOverflow(page), 0);
    });
  }
}

pageTest('a scenario is found by a word, chosen with the keyboard, and stays in the address', {}, async ({ page }) => {
  await openMenu(page);
  await page.getByRole('searchbox', { name: 'Search the scenarios' }).focus();
  await page.keyboard.type('delivered twice');
  const entry = page.getByRole('button', { name: 'Scenario B: delivered twice' });
  await entry.waitFor();
  assert.equal(await page.getByRole('group', { name: 'C · Broker' }).count(), 0);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Scenario B: delivered twice' }).waitFor();
  await page.waitForFunction(() => location.hash === '#scenario=scenario-b');
});

pageTest('loading the page again brings back the run, and a link opens it anew', { hash: '#scenario=scenario-b' }, async ({ page, open }) => {
  await page.getByRole('button', { name: 'To the end' }).click();
  const slider = page.getByRole('region', { name: 'Faults' }).getByRole('slider', { name: 'Delivered twice' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('Delivered twice, changed from the scenario').waitFor();
  await page.reload();
  await mounted(page);
  await page.getByText('Delivered twice, changed from the scenario').waitFor();
  await open('#scenario=scenario-b');
  assert.equal(await page.getByText('Delivered twice, changed from the scenario').count(), 0);
});
