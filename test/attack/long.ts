import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { flipCount, flipped } from './bitFlips';
import { type Counts, count, type Made, makeInput, SEED, seededFixtures, tryInput } from './campaign';

/**
 * The long attack, outside Jest: hostile inputs and every single bit of a protected file flipped, spread over
 * processes of their own that are watched from here. Arguments: number of inputs, of processes, and the file for the record.
 */

/** An input that takes longer, three times over, is told of; one that does not come back in this time is a hang. */
const SLOW_MS = 1000;
const HANG_MS = 120_000;
/** Resident memory of a process that does all its inputs one after the other, at most. */
const MEMORY_MIB = 1024;

interface Work {
  readonly first: number;
  readonly step: number;
  readonly inputs: number;
}

/** What a process found. */
interface Findings {
  readonly inputs: Counts;
  readonly flips: Counts;
  readonly failures: string[];
  readonly slow: string[];
  peakMiB: number;
}

type Message = { readonly at: string } | { readonly findings: Findings };

const peakMiB = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

/** Tries one input and notes what came of it. */
async function tryAndNote(
  name: string,
  input: Made,
  counts: Counts,
  { failures, slow }: Findings,
  fixtures: Awaited<ReturnType<typeof seededFixtures>>,
): Promise<void> {
  let fastest = Infinity;
  for (let attempt = 0; attempt < 3 && fastest > SLOW_MS; attempt++) {
    const before = performance.now();
    const result = await tryInput(input, fixtures);
    fastest = Math.min(fastest, performance.now() - before);
    if (attempt > 0) continue;
    if ('outcome' in result) count(counts, input.kind, result.outcome);
    else {
      const { failure } = result;
      const said = failure instanceof Error ? failure.stack : String(failure);
      failures.push(`${name} (${input.kind}, ${input.target}): ${said}`);
      process.stderr.write(`${failures[failures.length - 1]}\n`);
      count(counts, input.kind, 'failure');
    }
  }
  if (fastest > SLOW_MS) slow.push(`${name} (${input.kind}, ${input.target}): ${Math.round(fastest)} ms`);
}

async function work({ first, step, inputs }: Work): Promise<Findings> {
  const findings: Findings = { inputs: {}, flips: {}, failures: [], slow: [], peakMiB: 0 };
  const fixtures = await seededFixtures();
  const note = async (name: string, input: Made, counts: Counts) => {
    process.send?.({ at: `${name} (${input.kind}, ${input.target})` } satisfies Message);
    const before = peakMiB();
    await tryAndNote(name, input, counts, findings, fixtures);
    if (peakMiB() > MEMORY_MIB && before <= MEMORY_MIB)
      findings.failures.push(`${name} (${input.kind}, ${input.target}): ${peakMiB()} MiB of memory`);
  };
  for (let number = first; number < inputs; number += step) {
    process.send?.({ at: `the making of input ${number}` } satisfies Message);
    await note(`input ${number}`, await makeInput(number, fixtures), findings.inputs);
  }
  const flips = flipCount(fixtures);
  for (let number = first; number < flips; number += step)
    await note(`bit ${number}`, flipped(fixtures, number), findings.flips);
  findings.peakMiB = peakMiB();
  return findings;
}

/** Starts a process and waits for what it found; a hang or an end before its time is a failure. */
function watch(share: Work): Promise<Findings> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(process.argv[1], ['work', JSON.stringify(share)]);
    let at = 'the start';
    let findings: Findings | undefined;
    const hang = () => {
      child.kill('SIGKILL');
      reject(new Error(`${at} did not come back in ${HANG_MS / 1000} s`));
    };
    let timer = setTimeout(hang, HANG_MS);
    child.on('message', (message: Message) => {
      clearTimeout(timer);
      timer = setTimeout(hang, HANG_MS);
      if ('at' in message) at = message.at;
      else findings = message.findings;
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      if (findings) resolve(findings);
      else reject(new Error(`the process ended at ${at} with exit code ${code}`));
    });
  });
}

function add(sum: Counts, counts: Counts): void {
  for (const [kind, outcomes] of Object.entries(counts)) {
    for (const [outcome, number] of Object.entries(outcomes)) count(sum, kind, outcome, number);
  }
}

const total = (counts: Counts): number =>
  Object.values(counts).reduce((sum, outcomes) => Object.values(outcomes).reduce((a, b) => a + b, sum), 0);

async function campaign(inputs: number, processes: number, recordFile: string): Promise<void> {
  const shares = Array.from({ length: processes }, (_, first) => ({ first, step: processes, inputs }));
  const all = await Promise.all(shares.map(watch));
  const counts: Counts = {};
  const flips: Counts = {};
  for (const found of all) {
    add(counts, found.inputs);
    add(flips, found.flips);
  }
  const failures = all.flatMap((found) => found.failures);
  const slow = all.flatMap((found) => found.slow);
  const record = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    seed: SEED,
    inputs: total(counts),
    failures: failures.length,
    slowerThanOneSecond: slow.length,
    memoryBoundMiB: MEMORY_MIB,
    peakMemoryMiB: Math.max(...all.map((found) => found.peakMiB)),
    outcomes: counts,
    flippedBits: total(flips),
    outcomesOfFlippedBits: flips,
  };
  writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
  process.stdout.write(slow.map((line) => `${line}\n`).join(''));
  process.stdout.write(
    `${record.inputs} inputs and ${record.flippedBits} flipped bits: ${failures.length} failures, ${slow.length} slower than 1 s, ${record.peakMemoryMiB} MiB at most\n`,
  );
  if (failures.length + slow.length > 0) process.exitCode = 1;
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'work') {
  const findings = await work(JSON.parse(rest[0]) as Work);
  process.send?.({ findings } satisfies Message, () => process.exit());
} else {
  await campaign(Number(mode), Number(rest[0]), rest[1]);
}
