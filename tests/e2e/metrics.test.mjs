// Metrics under the names that a team knows, with objectives and alerts whose moments lead into the run.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { comesToMatch, pageTest, sidewaysOverflow } from './page.mjs';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844, touch: true };

const row = (page, name) => page.getByRole('row', { name: new RegExp(`^${name} `) });
const clock = (page) => page.locator('.position .now').innerText();

/** Opens the room, with the whole run known, at its end. */
async function openMetrics(page, size) {
  await page.getByRole('button', { name: 'Pause' }).click();
  if (size === PHONE) await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Log' }).click();
  await page.getByRole('tab', { name: 'Metrics' }).click();
  // Until the whole run is read, the line says that there is more to come.
  await page.locator('#drawer-panel').getByText(/^measured every [^,]+$/).waitFor();
  await page.getByRole('button', { name: 'To the end' }).click();
}

for (const size of [DESK, PHONE]) {
  for (const colorScheme of ['light', 'dark']) {
    pageTest(`metrics have names, units and lines, ${size.width} wide, in ${colorScheme}`, { ...size, colorScheme, hash: '#scenario=alerts' }, async ({ page }) => {
      await openMetrics(page, size);
      await row(page, 'projection_last_processed_position').getByText('up to e3000').first().waitFor();
      await comesToMatch(() => row(page, 'write_command_latency_p99').innerText(), /\d ms/);
      assert.ok((await page.locator('.metric-line path[d^="M"]').count()) >= 8);
      await page.getByText('measured every 1 s').waitFor();
      const watched = page.getByRole('region', { name: 'Objectives and alerts' });
      await watched.getByText('Visible in the order view').waitFor();
      await comesToMatch(() => watched.innerText(), /missed \(99 % wanted\)/);
      assert.equal(await sidewaysOverflow(page), 0);
      await assertAccessible(page);
    });
  }
}

pageTest('an alert leads to its moments, by keyboard too, and says how it stood', { ...DESK, hash: '#scenario=alerts' }, async ({ page }) => {
  await openMetrics(page, DESK);
  const watched = page.getByRole('region', { name: 'Objectives and alerts' });
  const alert = watched.getByRole('listitem').filter({ hasText: 'page "Lag for long", order view' });
  await alert.getByText('resolved').waitFor();
  await alert.getByRole('button', { name: 'fired 181.00 s' }).focus();
  await page.keyboard.press('Enter');
  await alert.getByText('firing').waitFor();
  await comesToMatch(() => clock(page), /^181\.00/);
  await comesToMatch(() => row(page, 'projection_lag_seconds').innerText(), /90\.50 s/);
  await alert.getByRole('button', { name: 'since 121.00 s' }).click();
  await alert.getByText('pending').waitFor();
  await page.getByRole('button', { name: 'To the beginning' }).click();
  await watched.getByText('No rule has anything to say so far.').waitFor();
});

pageTest('another copy has other figures', { ...DESK, hash: '#scenario=alerts' }, async ({ page }) => {
  await openMetrics(page, DESK);
  const most = () => row(page, 'projection_lag_events').getByText(/^at most/).textContent();
  await comesToMatch(most, /^at most 1,5\d\d events$/);
  await page.getByRole('combobox', { name: 'Whose metrics' }).selectOption('sales dashboard');
  await comesToMatch(most, /^at most \d events?$/);
});

pageTest('queries have their figures, and a rebuild says how far it has come', { ...DESK, hash: '#scenario=eventual-reads' }, async ({ page, open }) => {
  await openMetrics(page, DESK);
  await comesToMatch(() => row(page, 'query_result_stale_total').innerText(), /\d+ answers/);
  await open('#scenario=rebuild');
  await openMetrics(page, DESK);
  await page.getByRole('heading', { name: 'Rebuild', exact: true }).waitFor();
  await page.locator('#drawer-panel').getByText(/version \d of the order view is|versions? .* serve/).first().waitFor();
});
