// Every option of a scenario, as a form and as a text: found, changed, refused in place, and put back.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { pageTest, sidewaysOverflow } from './page.mjs';

const DESK = { hash: '#scenario=scenario-b' };
const PHONE = { ...DESK, width: 390, height: 844, touch: true };

/** Opens one of the bench's tabs; on a phone the bench is a sheet. */
async function openTab(page, name) {
  const rooms = page.getByRole('navigation', { name: 'Rooms' });
  if (await rooms.isVisible()) await rooms.getByRole('button', { name: 'Bench' }).click();
  await page.getByRole('tab', { name }).click();
}

async function search(page, text) {
  await page.getByRole('searchbox', { name: 'Search the options' }).fill(text);
}

const json = (page) => page.getByRole('textbox', { name: 'Scenario as JSON' });
const spin = (page, name) => page.getByRole('spinbutton', { name });

for (const size of [DESK, PHONE]) {
  for (const colorScheme of ['light', 'dark']) {
    pageTest(`axe-core finds nothing in the form ${size.width ?? 1440} wide in ${colorScheme}`, { ...size, colorScheme }, async ({ page }) => {
      await openTab(page, 'All options');
      await page.getByText('Order service', { exact: true }).click();
      await search(page, 'delay');
      await page.getByRole('combobox', { name: 'Order service, Client delay' }).waitFor();
      await assertAccessible(page);
      assert.equal(await sidewaysOverflow(page), 0);
      await openTab2(page);
      await assertAccessible(page);
      assert.equal(await sidewaysOverflow(page), 0);
    });
  }
}

/** The JSON tab, when the bench is open already. */
async function openTab2(page) {
  await page.getByRole('tab', { name: 'JSON' }).click();
  await json(page).waitFor();
}

pageTest('an option is found, stepped with the keyboard, marked, put back, and undone', DESK, async ({ page }) => {
  await openTab(page, 'All options');
  await page.getByRole('searchbox', { name: 'Search the options' }).focus();
  await page.keyboard.type('order view loss');
  const loss = spin(page, 'Order view, Delivery, Loss');
  await loss.focus();
  await page.keyboard.press('ArrowUp');
  assert.equal(await loss.inputValue(), '1');
  await page.getByText('1 changed from the scenario').waitFor();
  await page.getByRole('button', { name: 'Put Loss back to the scenario: 0' }).click();
  await page.getByText('0 changed from the scenario').waitFor();
  assert.equal(await loss.inputValue(), '0');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('1 changed from the scenario').waitFor();
  assert.equal(await loss.inputValue(), '1');
});

pageTest('what acts only at the next replay says so, at the field and at the button', DESK, async ({ page }) => {
  await openTab(page, 'All options');
  await search(page, 'options.broker.partitions');
  await page.getByText('acts at the next replay').waitFor();
  const partitions = spin(page, 'Broker, Partitions');
  const before = Number(await partitions.inputValue());
  await page.getByRole('button', { name: 'More: Broker, Partitions' }).click();
  assert.equal(await partitions.inputValue(), String(before + 1));
  const replay = page.getByRole('button', { name: 'Replay with this' });
  await page.getByRole('button', { name: /Replay with this.*1 change waiting/ }).waitFor();
  await replay.click();
  await page.getByText('1 change waiting').waitFor({ state: 'detached' });
  assert.equal(await partitions.inputValue(), String(before + 1));
});

pageTest('a value that the machine refuses stays, says why, and can be taken back', DESK, async ({ page }) => {
  await openTab(page, 'All options');
  await search(page, 'options.broker.partitions');
  const partitions = spin(page, 'Broker, Partitions');
  const before = await partitions.inputValue();
  await partitions.fill('99');
  await partitions.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Not taken over yet.' }).waitFor();
  await page.getByText(/^expected .*16, found 99$/).waitFor();
  assert.equal(await partitions.getAttribute('aria-invalid'), 'true');
  await page.getByRole('button', { name: 'Take it back' }).click();
  assert.equal(await partitions.inputValue(), before);
});

pageTest('an optional option is set, a choice is made, a list grows and shrinks', DESK, async ({ page }) => {
  await openTab(page, 'All options');
  await search(page, 'circuit breaker');
  await page.getByRole('switch', { name: 'Ways to the data, Api, Breaker: is it set?' }).check();
  await spin(page, /Breaker, Failures/).waitFor();
  await search(page, 'options.broker.kind');
  await page.getByRole('combobox', { name: 'Broker, Kind' }).selectOption('queue');
  await page.getByRole('button', { name: /1 change waiting/ }).waitFor();
  await search(page, 'options.workload.products');
  const products = page.getByRole('list', { name: 'Workload, Products' });
  const before = await products.getByRole('listitem').count();
  await page.getByRole('button', { name: 'Add to Workload, Products' }).click();
  assert.equal(await products.getByRole('listitem').count(), before + 1);
  await page.getByRole('button', { name: `Remove Workload, Products, ${before + 1}` }).click();
  assert.equal(await products.getByRole('listitem').count(), before);
});

// How long that takes is measured by the bench; here it is shown that the answer does not wait, and stays small.
pageTest('a key in the search box is answered before the next one, by at most twenty options', DESK, async ({ page }) => {
  await openTab(page, 'All options');
  await search(page, 'x');
  const answers = await page.evaluate(async () => {
    const box = document.querySelector('input[type=search][aria-label="Search the options"]');
    const panel = box.closest('[role=tabpanel]');
    const shown = () => {
      const said = [...panel.querySelectorAll('[role=status]')].map((one) => one.textContent).find((text) => /\d+ options?/.test(text));
      return { said: said ?? '', first: panel.querySelector('.option')?.textContent ?? '', options: panel.querySelectorAll('.option').length };
    };
    const answers = [];
    for (const text of ['d', 'de', 'del', 'dela', 'delay', 'dela', 'lo', 'los', 'loss', 'p', 'pa', 'par']) {
      box.value = text;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      await Promise.resolve();
      const atOnce = shown();
      await new Promise((resolve) => setTimeout(resolve, 50));
      answers.push({ text, atOnce, later: shown() });
    }
    return answers;
  });
  for (const { text, atOnce, later } of answers) {
    assert.deepEqual(atOnce, later, text);
    assert.ok(atOnce.options > 0 && atOnce.options <= 20, `${text}: ${atOnce.options} options`);
  }
  // Each search has another answer than the one before, so that none is left over from it.
  const told = answers.map(({ atOnce }) => `${atOnce.said} ${atOnce.first}`);
  assert.ok(told[0] !== told.at(-1) && new Set(told).size > 6, told.join('\n'));
});

for (const size of [DESK, PHONE]) {
  pageTest(`the scenario as a text edits both ways, ${size.width ?? 1440} wide`, size, async ({ page }) => {
    await openTab(page, 'JSON');
    const text = await json(page).inputValue();
    const scenario = JSON.parse(text);
    scenario.options.workload.cancel = 0.5;
    await json(page).fill(JSON.stringify(scenario, null, 2));
    await page.getByText('A valid scenario.').waitFor();
    await json(page).press('Control+Enter');
    await page.getByRole('tab', { name: 'All options' }).click();
    await search(page, 'options.workload.cancel');
    const cancel = spin(page, 'Workload, Cancel');
    assert.equal(await cancel.inputValue(), '50');
    await page.getByRole('button', { name: 'More: Workload, Cancel' }).click();
    await page.getByRole('tab', { name: 'JSON' }).click();
    assert.equal(JSON.parse(await json(page).inputValue()).options.workload.cancel, 0.51);
  });
}

pageTest('a text that is no scenario says where, and is not lost', DESK, async ({ page }) => {
  await openTab(page, 'JSON');
  const text = await json(page).inputValue();
  const wrong = text.replace(/"partitions": \d+/, '"partitions": 99');
  await json(page).fill(wrong);
  await page.getByText('This is no scenario yet.').waitFor();
  await page.getByText('options.broker.partitions').waitFor();
  await page.getByRole('button', { name: /^Go to line \d+$/ }).click();
  const chosen = await json(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  assert.match(chosen, /"partitions": 99/);
  assert.ok(await page.getByRole('button', { name: 'Apply' }).isDisabled());
  await page.getByRole('tab', { name: 'Dials' }).click();
  await page.getByRole('tab', { name: 'JSON' }).click();
  assert.equal(await json(page).inputValue(), wrong);
  await page.getByRole('button', { name: 'Take it back' }).click();
  assert.equal(await json(page).inputValue(), text);
});
