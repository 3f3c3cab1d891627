import { concatBytes } from '../bytes';
import { encodeHeader } from '../header';
import { begun } from '../keys/platform';
import { TAG_LENGTH } from '../keys/saltedKey';
import { withSamples } from '../pixels/frame';
import { scrambleOutside } from '../scramble';
import { proofFailed, type Task, type Written } from '../writer';
import { layOutHeader } from './headerSlots';
import { planVault, type VaultPlan } from './plan';
import { joinVault } from './segments';
import { toleratedMark } from './tolerance';
import { fillVault, paintSymbols, vaultCapacity } from './vault';

/** Fills a payload up to what its data segments hold, and begins to encrypt it. */
async function beginToSeal({ frame, job, key }: Task, plan: VaultPlan) {
  const { scrambled, bands, coveredAreas, segments } = plan;
  const { dataSegments, paritySegments, segmentLength } = segments;
  const header = encodeHeader({
    scrambled,
    bands,
    width: frame.width,
    height: frame.height,
    salt: key.salt,
    commitment: await key.commitment(),
    envelopesLength: job.envelopeList.length,
    dataSegments,
    paritySegments,
    coveredAreas,
  });
  const plain = new Uint8Array(dataSegments * segmentLength - TAG_LENGTH);
  plain.set(plan.payload);
  return { header, sealing: begun(key.seal('payload', plain, concatBytes([header, job.envelopeList]))) };
}

/**
 * Hides the key areas under their QR codes; with `scramble`, turns everything else to noise.
 * Throws `image-too-small`, `report-too-long` and `no-room`.
 */
export async function writeUnderSymbols(task: Task, scramble: boolean): Promise<Written> {
  const { frame, content, job, upperBits } = task;
  const plan = await planVault(frame, content.areas, job, scramble, task);
  const { header, sealing } = await beginToSeal(task, plan);
  // What needs nothing of the encrypted payload is done while it is on its way.
  const { bands, coveredAreas, segments, symbol, places } = plan;
  const output = withSamples(frame, frame.samples.slice());
  const slots = layOutHeader(output, places, header);
  if (slots === undefined) throw proofFailed();
  const count = segments.dataSegments + segments.paritySegments;
  const layout = { bands, coveredAreas, slots, segments: count };
  paintSymbols(output, bands, coveredAreas, upperBits, symbol, places);
  const tolerated = toleratedMark(frame, plan);
  const vault = joinVault(vaultCapacity(output, layout), job.envelopeList, await sealing, segments);
  fillVault(output, layout, upperBits, vault);
  if (scramble) await scrambleOutside(output, coveredAreas, upperBits, task.key);
  return {
    frame: output,
    coveredAreas,
    bands,
    parityShare: segments.paritySegments / count,
    toleratedMark: tolerated,
    symbol,
    places,
  };
}
