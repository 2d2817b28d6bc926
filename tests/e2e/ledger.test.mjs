// The ledger is sorted, searched, scrolled and saved; a wrong cell's one fault is found by playing again; promises fold.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { assertAccessible } from './axe.mjs';
import { pageTest, sidewaysOverflow } from './page.mjs';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844, touch: true };

const toTheEnd = (page) => page.getByRole('button', { name: 'To the end' }).click();
const wrongQuantity = (page) => page.getByRole('button', { name: /^O-900 quantity in the order view: 4, wrong/ });

/** Halts the run and goes to a share of its length. */
async function haltAt(page, share) {
  const moment = page.getByRole('slider', { name: 'Moment' });
  const { x, y, width, height } = await moment.boundingBox();
  await page.mouse.click(x + width * share, y + height / 2);
}

async function openLedger(page, size) {
  if (size === PHONE) await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Ledger' }).click();
}

for (const size of [DESK, PHONE]) {
  pageTest(`the one fault is found by playing again and shown as a branch, ${size.width} wide`, { ...size, hash: '#scenario=scenario-b' }, async ({ page }) => {
    await toTheEnd(page);
    await openLedger(page, size);
    await wrongQuantity(page).click();
    const why = page.getByRole('region', { name: 'Why' });
    await page.waitForFunction(() => document.querySelector('.why h3').getBoundingClientRect().bottom < innerHeight - 150);
    await why.getByText('Without the crash of order-view projector 1 at 2.00 s this cell is right.').waitFor();
    // On a desk the answer takes its room from the table, and what was asked about stays in sight beside it.
    if (size === DESK) {
      const [cell, table] = await Promise.all([wrongQuantity(page), page.locator('.ledger-scroll')].map((one) => one.boundingBox()));
      assert.ok(cell.y > table.y && cell.y + cell.height <= table.y + table.height, `cell ${JSON.stringify(cell)}, table ${JSON.stringify(table)}`);
    }
    await why.getByText(/^Played again up to \d+\.\d\d s: \d+ runs?\.$/).waitFor();
    await assertAccessible(page);
    await why.getByRole('button', { name: 'Show that run' }).click();
    await page.getByRole('button', { name: /^O-900 quantity in the order view: 2\. Why/ }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await wrongQuantity(page).waitFor();
    // The question is still open, so it is answered again for the run that is back.
    await why.getByText('Without the crash of order-view projector 1 at 2.00 s this cell is right.').waitFor();
    assert.equal(await sidewaysOverflow(page), 0);
  });

  pageTest(`promises have two rows and the rest behind the last chip, ${size.width} wide`, { ...size, hash: '#scenario=read-models' }, async ({ page }) => {
    await toTheEnd(page);
    const verdicts = page.getByRole('region', { name: 'Verdicts' });
    const tops = await verdicts.locator('.chip-button:visible').evaluateAll((chips) => chips.map((chip) => Math.round(chip.getBoundingClientRect().top)));
    assert.ok(new Set(tops).size <= 2, `rows at ${[...new Set(tops)]}`);
    assert.match(await verdicts.getByRole('button').first().innerText(), /Price in force: broken/);
    await verdicts.getByRole('button', { name: /^\d+ more/ }).click();
    await page.locator('.verdict-list summary').first().click();
    await page.locator('.verdict-list').getByText('Kept so far.').first().waitFor();
    await assertAccessible(page);
    await page.keyboard.press('Escape');
    await verdicts.getByRole('button', { name: /Price in force: broken/ }).click();
    await page.getByRole('button', { name: /^Go to 3\.54 s/ }).waitFor();
    assert.ok((await page.locator('.verdict-history button:visible').count()) > 1);
  });
}

pageTest('the ledger sorts by a column, with the keyboard too', { hash: '#scenario=scenario-b' }, async ({ page }) => {
  await toTheEnd(page);
  const head = page.getByRole('columnheader', { name: 'truth' });
  const first = () => page.locator('.ledger tbody th').first().innerText();
  assert.equal(await head.getAttribute('aria-sort'), 'none');
  await head.getByRole('button').focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.getByRole('columnheader', { name: 'truth' }).getAttribute('aria-sort'), 'ascending');
  assert.equal(await first(), 'O-900 customer');
  await head.getByRole('button').click();
  assert.equal(await page.getByRole('columnheader', { name: 'truth' }).getAttribute('aria-sort'), 'descending');
  assert.equal(await first(), 'units');
  await head.getByRole('button').click();
  assert.equal(await first(), 'orders');
});

pageTest('the ledger is searched by value and saved as a table', { hash: '#scenario=scenario-b' }, async ({ page }) => {
  await toTheEnd(page);
  await page.getByRole('searchbox', { name: 'Find in the ledger' }).fill('$199.96');
  await page.getByRole('button', { name: /^O-900 quantity/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^O-900 total in the order view: \$199\.96, wrong/ }).waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the ledger as CSV' }).click();
  const download = await saved;
  assert.match(download.suggestedFilename(), /^scenario-b-ledger-at-\d+\.\d\ds\.csv$/);
  assert.match(await readFile(await download.path(), 'utf8'), /O-900 total,\$99\.98,order view,\$199\.96,wrong/);
  await page.getByRole('searchbox', { name: 'Find in the ledger' }).fill('no such thing');
  await page.getByText('Nothing in the ledger is like that.').waitFor();
});

pageTest('hundreds of rows are scrolled through, of which few are in the document', { hash: '#scenario=read-models' }, async ({ page }) => {
  await toTheEnd(page);
  const table = page.getByRole('region', { name: 'The truth beside every copy' });
  const total = Number(await table.getByRole('table').getAttribute('aria-rowcount')) - 1;
  assert.ok(total > 200);
  await table.evaluate((region) => region.scrollTo(0, region.scrollHeight));
  await table.locator(`tr[aria-rowindex="${total + 1}"]`).waitFor();
  assert.ok((await table.locator('tbody tr').count()) < 120);
});

for (const size of [DESK, PHONE]) {
  for (const colorScheme of ['light', 'dark']) {
    pageTest(`each edge has a column, and an old cell there says where the newer state is, ${size.width} wide, ${colorScheme}`, { ...size, colorScheme, hash: '#scenario=edges' }, async ({ page }) => {
      await toTheEnd(page);
      await haltAt(page, 0.5);
      await openLedger(page, size);
      for (const name of ['edge 1', 'edge 2', 'edge 3']) await page.getByRole('columnheader', { name, exact: true }).waitFor();
      // Where the model itself shows what is true, it is the copy that is behind.
      const isTrue = page.getByRole('button', { name: /^O-\d+ \w+ in the order view: [^,]+\. Why\?$/ });
      const rows = page.locator('.ledger tbody tr').filter({ has: isTrue });
      const old = rows.getByRole('button', { name: /^O-\d+ \w+ at edge 3: .+, stale\. Why\?$/ }).first();
      await old.click();
      const why = page.getByRole('region', { name: 'Why' });
      await why.getByRole('heading', { name: /^Why is O-\d+ \w+ at edge 3 still / }).waitFor();
      await why.getByText(/ is on its way to edge 3, due at \d+\.\d\d s$/).waitFor();
      await why.getByText(/The copy at edge 3 is .+ old\./).waitFor();
      assert.equal(await old.getAttribute('aria-pressed'), 'true');
      await assertAccessible(page);
      assert.equal(await sidewaysOverflow(page), 0);
      // All columns have room: the table need not be moved sideways.
      const table = page.getByRole('region', { name: 'The truth beside every copy' });
      assert.equal(await table.evaluate((region) => region.scrollWidth - region.clientWidth), 0);
      const names = await table.locator('tbody th').first().boundingBox();
      assert.ok(names.x >= (await table.boundingBox()).x - 1, 'the names are in sight');
      const last = await page.getByRole('columnheader', { name: 'edge 3', exact: true }).boundingBox();
      assert.ok(last.x + last.width <= size.width && last.x > names.x + names.width - 1, 'and so is the last edge');
      await why.getByRole('button', { name: 'Why in the order view?' }).click();
      await why.getByRole('heading', { name: /^Why is O-\d+ [a-z]+ (still |wrongly )?[^ ]+\?$/ }).waitFor();
      await why.getByRole('button', { name: 'Close' }).click();
      await why.waitFor({ state: 'detached' });
    });
  }
}

pageTest('columns of edges sort, are asked and are left by keys alone, and are in the saved table', { ...DESK, hash: '#scenario=edges' }, async ({ page }) => {
  await toTheEnd(page);
  await haltAt(page, 0.5);
  const head = page.getByRole('columnheader', { name: 'edge 2', exact: true });
  await head.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.locator('th[aria-sort="ascending"]', { hasText: 'edge 2' }).waitFor();
  await page.getByRole('checkbox', { name: 'differences only' }).check();
  const old = page.getByRole('button', { name: /at edge 2: .+, stale\. Why\?$/ }).first();
  await old.focus();
  await page.keyboard.press('Enter');
  const why = page.getByRole('region', { name: 'Why' });
  await why.getByRole('heading', { name: /at edge 2 still/ }).waitFor();
  await why.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Enter');
  await why.waitFor({ state: 'detached' });
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the ledger as CSV' }).click();
  assert.match(await readFile(await (await saved).path(), 'utf8'), /\nO-\d+ \w+,[^\n]+,order view at edge 2,[^\n]+,stale\r\n/);
});

pageTest('read replicas have columns too, beside the names of the models', { ...DESK, hash: '#scenario=read-replicas' }, async ({ page }) => {
  await toTheEnd(page);
  await haltAt(page, 0.5);
  await page.getByRole('columnheader', { name: 'replica 1', exact: true }).waitFor();
  await page.getByRole('button', { name: / at read replica 1: .+ Why\?$/ }).first().click();
  await page.getByRole('heading', { name: / at read replica 1 / }).waitFor();
});

pageTest('a version that is built beside the one that serves has a column while it is there', { ...DESK, hash: '#scenario=rebuild' }, async ({ page }) => {
  await toTheEnd(page);
  await page.getByRole('columnheader', { name: 'order view', exact: true }).waitFor();
  await haltAt(page, 0.6);
  await page.getByRole('columnheader', { name: 'v2', exact: true }).waitFor();
  await page.getByRole('button', { name: /^O-\d+ \w+ in version 2: .+ Why\?$/ }).first().click();
  await page.getByRole('heading', { name: /^Why is O-\d+ \w+ in version 2 / }).waitFor();
});
