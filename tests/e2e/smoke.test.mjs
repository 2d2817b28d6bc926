// The page opens, on a desk and on a phone, in light and in dark, and asks nothing of the network.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest, sidewaysOverflow } from './page.mjs';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844, touch: true },
];

for (const size of SIZES) {
  pageTest(`opens ${size.width} wide without scrolling sideways`, size, async ({ page }) => {
    assert.match(await page.title(), /cqrs-lab/);
    assert.equal(await sidewaysOverflow(page), 0);
  });

  for (const colorScheme of ['light', 'dark']) {
    pageTest(`axe-core finds nothing ${size.width} wide in ${colorScheme}`, { ...size, colorScheme }, async ({ page }) => {
      await assertAccessible(page);
    });
  }
}

pageTest('opens from a sub-folder of any host', { base: '/some/folder/' }, async ({ page, site }) => {
  assert.equal(new URL(page.url()).pathname, new URL(site.url).pathname);
});
