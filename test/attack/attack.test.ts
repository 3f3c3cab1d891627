import { type Counts, count, makeInput, seededFixtures, tryInput } from './campaign';

/** Hostile inputs that are tried here: the first of those of `npm run test:long`. */
const INPUTS = 5000;
/** Resident memory that all of them together may take beyond what was taken before. */
const MEMORY_MIB = 1024;

const peakMiB = () => process.resourceUsage().maxRSS / 1024;

test(`${INPUTS} hostile inputs come to a right answer or to an error with a code, within bounds`, async () => {
  const before = peakMiB();
  const fixtures = await seededFixtures();
  const counts: Counts = {};
  const failures: string[] = [];
  for (let number = 0; number < INPUTS; number++) {
    const input = await makeInput(number, fixtures);
    const result = await tryInput(input, fixtures);
    if ('outcome' in result) count(counts, input.kind, result.outcome);
    else failures.push(`input ${number} (${input.kind}, ${input.target}): ${result.failure}`);
  }
  expect(failures).toEqual([]);
  expect(peakMiB() - before).toBeLessThan(MEMORY_MIB);
  // The attack reaches all that lies behind a valid tag, and both ends of what may come of it.
  expect(counts['payload, sealed with the key']).toMatchObject({ damaged: expect.any(Number) });
  expect(counts['protected file, pixels']).toMatchObject({
    'file verified, after repair': expect.any(Number),
    altered: expect.any(Number),
  });
  // Longer than any machine takes: what does not come back fails here.
}, 1_800_000);
