import { compareObjects, type Likeness } from '../../dicom/index';
import { isCancelled } from '../../dicom/options';
import type { ObjectUids } from '../../dicom/web/wadoRs';
import { KeyAreaError } from '../../engine/index';
import { CommandError } from '../commandError';
import type { Destination, Remnant } from '../destination';
import { describeFailure } from '../exitCode';
import type { Place } from '../files';
import type { Input } from '../inputs';
import type { DicomWebClient } from './client';
import { firstValue, isUid, type JsonObject, valuesOf } from './json';
import { listSeries } from './source';

const TAGS = {
  instance: '00080018',
  instanceNumber: '00200013',
  referencedInstance: '00081155',
  sourceImages: '00082112',
};

/** Instances of each series that are looked at for what an earlier run left, at most. */
const LOOKED_AT = 3;

/** A server that outputs are stored on, each read back and compared. */
export function serverDestination(client: DicomWebClient): Destination {
  return {
    keepsJobsApart: true,
    remnantsOf: (series) => remnantsOf(client, series),
    find: async (_, uidsOf) => {
      const uids = await uidsOf();
      const file = await client.retrieve(checked(uids));
      return file && { name: client.nameOf(uids), file };
    },
    changesAttributes: true,
    compare: compareObjects,
    write: async (_, file, uids, placeReport) => {
      const name = client.nameOf(checked(uids));
      await send(client, file, name);
      // From here on it is on the server, whatever comes back; so its report stays too.
      if (placeReport) await placeFor(name, placeReport);
      const likeness = await compareStored(client, uids, file, name);
      return { name, attributesChanged: likeness !== 'same' };
    },
  };
}

const LOOK = 'Look at it on the server.';

async function send(client: DicomWebClient, file: Uint8Array, name: string): Promise<void> {
  let sent = false;
  try {
    await client.store(file, () => {
      sent = true;
    });
  } catch (cause) {
    if (!sent || !isCancelled(cause)) throw cause;
    const message = `${name} was being sent when the command was stopped: the server may have it. ${LOOK}`;
    throw new CommandError('stored-otherwise', message, { cause });
  }
}

async function placeFor(name: string, placeReport: Place): Promise<void> {
  try {
    await placeReport();
  } catch (cause) {
    const { message } = describeFailure(cause);
    throw new CommandError(
      'report-missing',
      `${name} is stored, but its report is not written. ${message} Then run the same command again: it writes the report alone.`,
      { cause },
    );
  }
}

/** How alike what a server gives back is to what it accepted. Throws `stored-otherwise` where it is something else. */
async function compareStored(
  client: DicomWebClient,
  uids: ObjectUids,
  file: Uint8Array,
  name: string,
): Promise<Likeness> {
  const otherwise = (what: string) =>
    new CommandError('stored-otherwise', `${name} was accepted, but ${what}. ${LOOK}`);
  let stored: Uint8Array | undefined;
  try {
    stored = await client.retrieve(uids);
  } catch (error) {
    if (isCancelled(error)) throw otherwise('the command was stopped before it was read back');
    if (!(error instanceof CommandError)) throw error;
    throw otherwise(`cannot be read back (${error.message.replace(/\.$/, '')})`);
  }
  if (stored === undefined) throw otherwise('cannot be read back');
  const likeness = compareObjects(stored, file);
  if (likeness === 'other')
    throw otherwise('what comes back is not what was sent: another object may have had its UID');
  return likeness;
}

function checked(uids: ObjectUids): ObjectUids {
  if (![uids.study, uids.series, uids.instance].every(isUid)) {
    throw new KeyAreaError(
      'not-dicom',
      'The file lacks a Study, Series or SOP Instance UID, so a server cannot keep it. Export it again from its source.',
    );
  }
  return uids;
}

/**
 * The input that an object is likely made of: the last one it names as its source, or where it names
 * none, the one with its Instance Number, which protecting keeps.
 */
function sourceOf(metadata: JsonObject, series: readonly Input[]): Input | undefined {
  const source = valuesOf(metadata, TAGS.sourceImages).at(-1);
  if (source !== undefined) {
    const instance = firstValue(source, TAGS.referencedInstance);
    return series.find(({ heading }) => heading?.instance === instance);
  }
  const number = firstValue(metadata, TAGS.instanceNumber);
  return series.find(
    ({ heading }) => heading?.instanceNumber !== undefined && heading.instanceNumber === Number(number),
  );
}

/**
 * What an earlier run may have stored of a series: in the same study, in series that this software made,
 * images that are likely made of the inputs; one of each series first, since any may be another run's.
 */
async function* remnantsOf(client: DicomWebClient, series: readonly Input[]): AsyncGenerator<Remnant> {
  const study = series[0]?.heading?.study;
  if (!isUid(study)) return;
  const made = (await listSeries(client, study)).filter((listed) => listed.made).map(({ uid }) => uid);
  const instances = new Map<string, JsonObject[]>();
  for (let place = 0; place < LOOKED_AT; place++) {
    for (const uid of made) {
      const found =
        instances.get(uid) ??
        (await client.search(`/studies/${study}/series/${uid}/instances`, [], { most: LOOKED_AT }));
      instances.set(uid, found);
      const instance = firstValue(found[place], TAGS.instance);
      if (!isUid(instance)) continue;
      const uids = { study, series: uid, instance };
      const input = sourceOf(await client.metadata(uids), series);
      const file = input && (await client.retrieve(uids));
      if (input && file) yield { input, name: client.nameOf(uids), file };
    }
  }
}
