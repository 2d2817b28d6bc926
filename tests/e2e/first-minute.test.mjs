// The first minute, as EXPERIENCE promises it: one control, a figure that goes wrong in place, and its cure.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest } from './page.mjs';

const story = (page) => page.getByRole('region', { name: 'Story' });

for (const size of [{ width: 1440 }, { width: 390, height: 844, touch: true }]) {
  pageTest(`the first minute goes from calm to cured, ${size.width} wide`, size, async ({ page }) => {
    // It opens already running, with one control on offer.
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    assert.deepEqual(await story(page).getByRole('button').allTextContents(), ['Deliver twice']);

    // The next message splits, and the figure goes wrong in place, in words.
    await story(page).getByRole('button', { name: 'Deliver twice' }).click();
    await page.locator('.message.again').first().waitFor();
    const words = story(page).getByText(/^O-\d+ counted twice: second delivery of e\d+ was applied$/);
    await words.waitFor();
    const said = await words.textContent();
    const broken = page.getByRole('button', { name: /^Exactly once: broken/ });
    await broken.waitFor();

    // The protection alone mends nothing that has happened.
    await story(page).getByRole('button', { name: 'Remember processed events' }).click();
    await story(page).getByText(/stays counted twice/).waitFor();

    // The same traffic, the same split; the second copy bounces off.
    await story(page).getByRole('button', { name: 'Replay' }).click();
    await page.locator('.message.again').first().waitFor();
    await page.locator('.spark.skipped').first().waitFor();
    await story(page).getByRole('heading', { name: 'The second copy bounced off' }).waitFor();
    const event = /e\d+/.exec(said)[0];
    await story(page).getByText(new RegExp(`^${event} arrived twice and was counted once`)).waitFor();
    assert.equal(await broken.count(), 0);

    // It invites to what comes next.
    await story(page).getByRole('button', { name: /Scenario B/ }).click();
    await story(page).getByRole('heading', { name: /Scenario B/ }).waitFor();
  });
}

pageTest('the wrong figure tells its story, and the story leads to the moment', {}, async ({ page }) => {
  await story(page).getByRole('button', { name: 'Deliver twice' }).click();
  await story(page).getByRole('button', { name: 'Remember processed events' }).waitFor();
  await page.keyboard.press('.');
  await page.getByRole('button', { name: /^revenue in the sales dashboard: .*, wrong\. Why\?$/ }).click();
  const why = page.getByRole('region', { name: 'Why' });
  await why.getByRole('heading', { name: /^Why is revenue wrongly \$/ }).waitFor();
  await why.getByText(/delivery 2/).first().waitFor();
  await assertAccessible(page);
  const before = await page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuenow');
  await why.getByRole('button', { name: /^Go to/ }).click();
  const after = await page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuenow');
  assert.ok(Number(after) < Number(before), `${after} lies before ${before}`);
});

pageTest('undo takes back what was done, and redo does it again', {}, async ({ page }) => {
  await story(page).getByRole('button', { name: 'Deliver twice' }).click();
  await story(page).getByRole('heading', { name: 'One event, two deliveries' }).waitFor();
  await page.keyboard.press('Control+z');
  await story(page).getByRole('button', { name: 'Deliver twice' }).waitFor();
  await page.keyboard.press('Control+Shift+z');
  await story(page).getByRole('heading', { name: 'One event, two deliveries' }).waitFor();
});
