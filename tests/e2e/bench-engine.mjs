// The engine's samples: the reference, a run and seeks in it, natively and in a worker in turn.

const REFERENCE_EVENTS = 2_000_000;
const LENGTHS = [100_000, 1_000_000];
const ROUNDS = 9;
const SEEKS_PER_ROUND = 100;

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
async function round(place, steps, number, samples) {
  samples.reference_ms.push(...times(await place.measure('reference', REFERENCE_EVENTS)));
  samples.run_ms.push(...times(await place.measure('run', steps)));
  const moments = Array.from({ length: SEEKS_PER_ROUND }, (_, n) => number * SEEKS_PER_ROUND + n);
  samples.seek_ms.push(...times(await place.measure('seek', ...moments)));
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
    for (const name of Object.keys(places)) await round(places[name], steps, 0, noSamples());
    for (let n = 1; n <= ROUNDS; n += 1) {
      for (const name of Object.keys(places)) await round(places[name], steps, n, run[name]);
    }
    runs.push(run);
  }
  return { reference_events: REFERENCE_EVENTS, runs };
}
