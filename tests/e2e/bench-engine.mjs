// The engine's samples: the reference, a run and seeks in it, natively and in a worker in turn.

const REFERENCE_EVENTS = 2_000_000;
/** What is run, and for how long. */
const RUNS = [
  { shop: 'busy shop', measure: 'run', steps: 100_000 },
  { shop: 'busy shop', measure: 'run', steps: 1_000_000 },
  { shop: 'whole shop', measure: 'whole', steps: 1_000_000 },
];
/** The preset whose verdict is waited for. */
const JUDGED = 'scenario-a';
const ROUNDS = 9;
/** The same moments in every round, so that what a moment costs can be told from what interrupted it. */
const MOMENTS = Array.from({ length: 200 }, (_, n) => n);

/** The milliseconds of each answer. */
const times = (answers) => answers.map(([ms]) => ms);

const noSamples = () => ({ reference_ms: [], run_ms: [], seek_ms: [] });

/** What a fresh place does at first: the memory that a run takes, and how long it takes before anything is warm. */
async function firstRun(place, { measure, steps }) {
  await place.fresh();
  const before = await place.bytes();
  const [[firstMs, made]] = await place.measure(measure, steps);
  if (made !== steps) throw new Error(`the run of ${steps} steps ended after ${made}`);
  const bytes = (await place.bytes()) - before;
  const [[, hash]] = await place.measure('hash', 0);
  await place.measure('clear', 0);
  return { first_run_ms: firstMs, bytes, hash, ...noSamples() };
}

/** One round adds one sample of the rates and some of seeking. */
async function round(place, { measure, steps }, samples) {
  samples.reference_ms.push(...times(await place.measure('reference', REFERENCE_EVENTS)));
  samples.run_ms.push(...times(await place.measure(measure, steps)));
  samples.seek_ms.push(times(await place.measure('seek', ...MOMENTS)));
  await place.measure('clear', 0);
}

/** How long each place takes from the text of a preset to the verdict on its run, in milliseconds. */
async function verdicts(places) {
  const [[, preset]] = await places.native.preset(JUDGED);
  const verdict = { preset: JUDGED };
  for (const name of Object.keys(places)) {
    await places[name].fresh();
    verdict[`${name}_ms`] = times(await places[name].measure('verdict', ...Array(ROUNDS).fill(preset)));
  }
  return verdict;
}

/** Samples of both places for each run. `places` is `{ native, worker }`. */
export async function engineSamples(places, say) {
  const runs = [];
  for (const wanted of RUNS) {
    const { shop, steps } = wanted;
    say(`the ${shop} over ${steps.toLocaleString('en')} steps, in ${ROUNDS} rounds`);
    const run = { shop, steps };
    for (const name of Object.keys(places)) run[name] = await firstRun(places[name], wanted);
    if (run.native.hash !== run.worker.hash) throw new Error(`the two places differ in the trace of the ${shop}`);
    // The first round lets the worker's compiler settle; nobody counts it.
    for (const name of Object.keys(places)) await round(places[name], wanted, noSamples());
    for (let n = 1; n <= ROUNDS; n += 1) {
      for (const name of Object.keys(places)) await round(places[name], wanted, run[name]);
    }
    runs.push(run);
  }
  say(`from the text of ${JUDGED} to its verdict, ${ROUNDS} times`);
  return { reference_events: REFERENCE_EVENTS, runs, verdict: await verdicts(places) };
}
