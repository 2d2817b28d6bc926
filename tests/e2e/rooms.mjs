// Every room of the page, and how a person gets there. `cargo xtask shots` takes a picture of each.
//
// A new room is one more entry: its name (which is the name of its pictures), the fragment of the address, and the
// steps in the order in which a person takes them. On a phone, `sheet` is pulled up first. A step that does not find its
// control fails, and says which one it looked for. In a room that `breaks` the page, its errors are expected.

import { readFile } from 'node:fs/promises';

/** A step: what it does, in words for whoever reads that it failed, and the doing. */
const step = (words, take) => ({ words, take });
const named = (role, name) => `the ${role} ${name}`;
const find = (page, role, name) => page.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name }).first();

const press = (role, name) => step(`press ${named(role, name)}`, (page) => find(page, role, name).click());
const write = (role, name, text) => step(`write into ${named(role, name)}`, (page) => find(page, role, name).fill(text));
const choose = (name, label) => step(`choose ${label} in the list ${name}`, (page) => find(page, 'combobox', name).selectOption({ label }));
const turn = (name) => step(`turn the slider ${name} one step up`, (page) => find(page, 'slider', name).press('ArrowRight'));
const key = (name) => step(`press the key ${name}`, (page) => page.keyboard.press(name));
const see = (text) => step(`see ${text}`, (page) => page.getByText(text).filter({ visible: true }).first().waitFor());
const show = (role, name) => step(`scroll to ${named(role, name)}`, (page) => find(page, role, name).scrollIntoViewIfNeeded());
const wait = (ms) => step(`wait for ${ms} ms`, (page) => page.waitForTimeout(ms));

/** Rest at a share of the run's length, once that is known. */
const halt = (share) =>
  step(`rest at ${share} of the run`, async (page) => {
    await page.waitForFunction(() => !document.querySelector('.position').innerText.includes('…'));
    const { x, y, width, height } = await find(page, 'slider', 'Moment').boundingBox();
    await page.mouse.click(x + width * share, y + height / 2);
  });
const toTheEnd = press('button', 'To the end');

/** Rest where an event is on its way to a read model, and take it in hand. */
const takeMessage = step('take hold of an event on its way to a read model', async (page) => {
  await page.keyboard.press('.');
  const deliveries = page.getByRole('region', { name: 'In flight' }).getByRole('row').filter({ hasText: /→ (dashboard|order view)/ });
  for (let n = 0; n < 80 && !(await deliveries.count()); n += 1) await page.keyboard.press('ArrowRight');
  await deliveries.getByRole('button').first().press('Enter');
  await page.locator('.panel.hand').waitFor();
});
/** Press a part of the stage: its card says how it is. */
const pressPart = (name) =>
  step(`press the part ${name}`, (page) => page.getByRole('region', { name: 'Stage', exact: true }).getByRole('button', { name }).first().press('Enter'));
/** Take hold of a part of the stage. */
const takePart = (name) =>
  step(`take hold of the part ${name}`, async (page) => {
    await pressPart(name).take(page);
    await find(page, 'button', 'What can be done…').press('Enter');
    await page.locator('.panel.hand').waitFor();
  });
/** Take hold of the link whose card has this heading: a link is pressed in the middle of its line. */
const takeLink = (name) =>
  step(`take hold of the link ${name}`, async (page) => {
    const card = page.getByRole('region', { name: 'Part' }).getByRole('heading', { name, exact: true });
    const middles = await page.locator('.picture path.line').evaluateAll((paths) =>
      paths.map((path) => path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM())).map(({ x, y }) => [x, y]),
    );
    for (const [x, y] of middles) {
      if (await card.isVisible()) break;
      await page.mouse.click(x, y);
    }
    await find(page, 'button', 'What can be done…').press('Enter');
    await page.locator('.panel.hand').waitFor();
  });

const PRESETS = new URL('../../public/scenarios/', import.meta.url);
const open = (words, make) =>
  step(`open ${words}`, async (page) => {
    const text = await make();
    await page.locator('input[type=file]').setInputFiles({ name: 'scenario.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  });
const preset = async (slug) => JSON.parse(await readFile(new URL(`${slug}.json`, PRESETS), 'utf8'));
/** The first scenario with what the others set besides. */
function merged(first, ...others) {
  const into = (to, from) => {
    for (const [name, value] of Object.entries(from)) {
      if (value && typeof value === 'object' && !Array.isArray(value) && to[name]) into(to[name], value);
      else to[name] ??= value;
    }
    return to;
  };
  return open(`${[first, ...others].join(' with ')} as one file`, async () => {
    const [scenario, ...rest] = await Promise.all([first, ...others].map(preset));
    for (const one of rest) into(scenario.options, one.options);
    return JSON.stringify({ ...scenario, name: 'Everything at once' });
  });
}

const B = '#scenario=scenario-b';
const ALERTS = '#scenario=alerts';
/** What is in the drawer's sheet on a phone, whichever of its tabs is shown. */
const DRAWER = 'Log';

export const ROOMS = [
  { name: 'start', steps: [wait(2_500)] },
  { name: 'start-wrong', steps: [press('button', 'Deliver twice'), see(/counted twice: second delivery/), wait(500)] },
  { name: 'start-cured', steps: [
    press('button', 'Deliver twice'), press('button', 'Remember processed events'), press('button', 'Replay'),
    see('The second copy bounced off'), wait(500),
  ] },
  { name: 'stage', hash: B, steps: [halt(0.4)] },
  { name: 'stage-card', hash: B, steps: [halt(0.4), pressPart(/^Order view:/), see('What can be done…')] },
  { name: 'stage-saga', hash: '#scenario=saga', steps: [halt(0.35)] },
  { name: 'stage-edges', hash: '#scenario=edges', steps: [halt(0.5)] },
  { name: 'stage-busy', hash: '#scenario=eventual-reads', steps: [halt(0.5)] },
  { name: 'stage-everything', hash: '#scenario=read-models', steps: [merged('read-models', 'edges', 'saga', 'composition'), see('Everything at once'), halt(0.5)] },
  { name: 'verdicts', hash: '#scenario=read-models', steps: [toTheEnd, press('button', /^Price in force: broken/), see(/^Go to/)] },
  { name: 'verdicts-folded', hash: '#scenario=read-models', steps: [toTheEnd, press('button', /^\d+ more/), wait(200)] },
  { name: 'ledger', hash: B, sheet: 'Ledger', steps: [halt(0.7)] },
  { name: 'ledger-long', hash: '#scenario=read-models', sheet: 'Ledger', steps: [halt(0.6)] },
  { name: 'why', hash: B, sheet: 'Ledger', steps: [toTheEnd, press('button', /^O-900 quantity in the order view: 4, wrong/), see(/^Without the crash/), show('button', 'Show that run')] },
  { name: 'why-stale', hash: '#scenario=eventual-reads', sheet: 'Ledger', steps: [halt(0.45), press('button', /, stale\. Why\?$/), wait(1_000)] },
  { name: 'bench', hash: B, sheet: 'Bench', steps: [halt(0.5), turn('Delivered twice')] },
  { name: 'bench-options', hash: B, sheet: 'Bench', steps: [press('tab', 'All options'), see('changed from the scenario')] },
  { name: 'bench-search', hash: B, sheet: 'Bench', steps: [press('tab', 'All options'), write('searchbox', 'Search the options', 'delay')] },
  { name: 'bench-refused', hash: B, sheet: 'Bench', steps: [
    press('tab', 'All options'), write('searchbox', 'Search the options', 'options.broker.partitions'),
    write('spinbutton', 'Broker, Partitions', '99'), key('Enter'), see('Not taken over yet.'),
  ] },
  { name: 'bench-waiting', hash: B, sheet: 'Bench', steps: [
    press('tab', 'All options'), write('searchbox', 'Search the options', 'options.broker.partitions'),
    press('button', 'More: Broker, Partitions'), see('1 change waiting'),
  ] },
  { name: 'bench-json', hash: B, sheet: 'Bench', steps: [press('tab', 'JSON'), see('The whole scenario, as a file holds it.')] },
  { name: 'bench-json-error', hash: B, sheet: 'Bench', steps: [
    press('tab', 'JSON'),
    step('write a number of partitions that is too large', async (page) => {
      const text = find(page, 'textbox', 'Scenario as JSON');
      await text.fill((await text.inputValue()).replace(/"partitions": \d+/, '"partitions": 99'));
    }),
    see('This is no scenario yet.'), press('button', /^Go to line \d+$/),
  ] },
  { name: 'presets', hash: B, steps: [press('button', 'Scenario B: delivered twice'), see('B · Command side')] },
  { name: 'presets-search', hash: B, steps: [press('button', 'Scenario B: delivered twice'), write('searchbox', 'Search the scenarios', 'token')] },
  { name: 'hand-message', sheet: 'Ledger', steps: [takeMessage] },
  { name: 'hand-node', hash: B, steps: [halt(0.4), takePart(/^Projector/)] },
  { name: 'hand-link', hash: B, steps: [halt(0.4), takeLink('Outbox to Broker')] },
  { name: 'hand-done', hash: B, steps: [halt(0.2), takePart(/^Projector/), press('button', /^Crash for/), see(/You let/)] },
  { name: 'send', hash: B, sheet: 'Ledger', steps: [halt(0.4), press('button', 'Send a command…'), see('Quantity')] },
  { name: 'send-refused', hash: B, sheet: 'Ledger', steps: [
    halt(0.4), press('button', 'Send a command…'), write('spinbutton', /^Quantity/, '0'), press('button', 'Send'), see(/^Refused, /),
  ] },
  { name: 'ask', hash: '#scenario=eventual-reads', sheet: 'Ledger', steps: [halt(0.4), press('button', 'Ask a query…'), see('Ask a query')] },
  { name: 'ask-products', hash: '#scenario=read-models', sheet: 'Ledger', steps: [halt(0.4), press('button', 'Ask a query…'), choose('Query', 'Products for sale'), choose('Promised', 'not too old: it waits'), see('Oldest')] },
  { name: 'log', hash: B, sheet: DRAWER, steps: [halt(0.6)] },
  { name: 'space-time', hash: B, sheet: DRAWER, steps: [press('tab', 'Space-time'), halt(0.6)] },
  { name: 'staleness', hash: ALERTS, sheet: DRAWER, steps: [press('tab', 'Staleness'), see(/^sampled every [^,]+$/), halt(0.5)] },
  { name: 'staleness-copy', hash: '#scenario=edges', sheet: DRAWER, steps: [press('tab', 'Staleness'), see(/^sampled every [^,]+$/), choose('Whose staleness', 'order view at edge 3'), halt(0.5)] },
  { name: 'staleness-answers', hash: '#scenario=eventual-reads', sheet: DRAWER, steps: [press('tab', 'Staleness'), see(/^sampled every [^,]+$/), halt(0.5)] },
  { name: 'metrics', hash: ALERTS, sheet: DRAWER, steps: [press('tab', 'Metrics'), see(/^measured every [^,]+$/), toTheEnd] },
  { name: 'twin-menu', hash: B, steps: [press('button', 'Twin'), see(/^Any other option/)] },
  { name: 'twin', hash: B, steps: [press('button', 'Twin'), press('button', /^remember processed events/), halt(0.45)] },
  { name: 'twin-ledger', hash: B, sheet: 'Ledger', steps: [
    toTheEnd, press('button', 'Twin'), press('button', /^remember processed events/), toTheEnd, see('2 cells differ between A and B'),
  ] },
  { name: 'branches', steps: [
    toTheEnd, halt(0.2), press('button', 'Deliver twice'), press('button', /1 kept/), see('Name of this branch'),
  ] },
  { name: 'exports', hash: ALERTS, sheet: DRAWER, steps: [press('tab', 'Staleness'), halt(0.3), press('button', 'Export'), see('The whole run')] },
  { name: 'help', hash: B, steps: [press('button', 'Keys'), see('play or pause')] },
  { name: 'bad-link', hash: '#scenario=no-such-scenario', steps: [wait(1_000)] },
  { name: 'bad-file', hash: B, steps: [
    open('a file with a word where a number belongs', async () => {
      const scenario = await preset('scenario-b');
      scenario.options.broker.partitions = 'three';
      return JSON.stringify(scenario, null, 2);
    }),
    see('This file could not be opened'),
  ] },
  { name: 'failure', hash: B, breaks: true, steps: [
    halt(0.5),
    step('make the page fail', (page) => page.evaluate(() => window.dispatchEvent(new Event('cqrs-lab:fail'))).catch(() => {})),
    see('Something broke. Nothing is lost.'),
  ] },
];
