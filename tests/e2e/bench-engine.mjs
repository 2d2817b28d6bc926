// The engine's samples: the reference, a run and seeks in it, natively and in a worker in turn.

const REFERENCE_EVENTS = 2_000_000;
const LENGTHS = [100_000, 1_000_000];
const ROUNDS = 9;
/** The same moments in every round, so that what a moment costs can be told from what interrupted it. */
const MOMENTS = Array.from({ length: 200 }, (_, n) => n);

/** The milliseconds of each answer. */
const times = (answers) => answers.map(([ms]) => ms);

const noSamples = () => ({ reference_ms: [], run_ms: [], seek_ms: [] });

/** What a fresh place does at first: the memory that a run takes, and how long it takes before anything is warm. */
async function firstRun(place, steps) {
  await place.fresh();
  const before = await place.bytes();
  const [[firstMs, made]] = await place.measure('run', steps);
  if (made !== steps) throw new Error(`the run of ${steps} steps ended after ${made}`);
  const bytes = (await place.bytes()) - before;
  const [[, hash]] = await place.measure('hash', 0);
  await place.measure('clear', 0);
  return { first_run_ms: firstMs, bytes, hash, ...noSamples() };
}

/** One round adds one sample of the rates and some of seeking. */
async function round(place, steps, samples) {
  samples.reference_ms.push(...times(await place.measure('reference', REFERENCE_EVENTS)));
  samples.run_ms.push(...times(await place.measure('run', steps)));
  samples.seek_ms.push(times(await place.measure('seek', ...MOMENTS)));
  await place.measure('clear', 0);
}

/** Samples of both places for each length of a run. `places` is `{ native, worker }`. */
export async function engineSamples(places, say) {
  const runs = [];
  for (const steps of LENGTHS) {
    say(`the engine over ${steps.toLocaleString('en')} steps, in ${ROUNDS} rounds`);
    const run = { steps };
    for (const name of Object.keys(places)) run[name] = await firstRun(places[name], steps);
    if (run.native.hash !== run.worker.hash) throw new Error(`the two places differ in the trace of ${steps} steps`);
    // The first round lets the worker's compiler settle; nobody counts it.
    for (const name of Object.keys(places)) await round(places[name], steps, noSamples());
    for (let n = 1; n <= ROUNDS; n += 1) {
      for (const name of Object.keys(places)) await round(places[name], steps, run[name]);
    }
    runs.push(run);
  }
  return { reference_events: REFERENCE_EVENTS, runs };
}
