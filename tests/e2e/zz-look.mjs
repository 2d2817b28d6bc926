import { pageTest } from './page.mjs';
import { writeFile } from 'node:fs/promises';
for (const [size, tag] of [[{ width: 1440, height: 900 }, 'desk'], [{ width: 390, height: 844, touch: true }, 'phone']])
for (const colorScheme of ['light', 'dark']) {
  pageTest('look', { ...size, colorScheme, hash: '#scenario=eventual-reads' }, async ({ page }) => {
    await page.waitForFunction(() => parseFloat(document.querySelector('.position .now').textContent) > 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    if (tag === 'phone') await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Log' }).click();
    const menu = page.getByRole('button', { name: 'Export', exact: true });
    for (const [tab, name] of [['Space-time', 'Stage'], ['Space-time', 'Space-time'], ['Staleness', 'Staleness']]) {
      await page.getByRole('tab', { name: tab }).click();
      await page.waitForTimeout(1500);
      for (const kind of ['SVG', 'PNG']) {
        await menu.click();
        const [d] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `${name} as ${kind}`, exact: true }).click()]);
        await d.saveAs(`/tmp/b/look/${tag}-${colorScheme}-${name}.${kind.toLowerCase()}`);
      }
    }
    await menu.click();
    await page.screenshot({ path: `/tmp/b/look/${tag}-${colorScheme}-menu.png` });
  });
}
