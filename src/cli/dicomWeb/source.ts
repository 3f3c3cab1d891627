import { join } from 'node:path';
import { SERIES_SUFFIX } from '../../dicom/changes/seriesSuffix';
import { KeyAreaError } from '../../engine/index';
import { CommandError } from '../commandError';
import type { Heading } from '../heading';
import type { Input, Inputs } from '../inputs';
import type { DicomWebClient, Search } from './client';
import { firstValue, isUid, type JsonObject, valuesOf } from './json';

/** What is asked of a server. */
export interface StudyRequest {
  readonly study: string;
  /** All series of the study where left out. */
  readonly series?: string;
  /** Which series count where no single one is asked for: those that this software made, or the others. */
  readonly wanted: 'protected' | 'originals';
}

const TAGS = {
  instance: '00080018',
  description: '0008103E',
  study: '0020000D',
  series: '0020000E',
  instanceNumber: '00200013',
  position: '00200032',
  orientation: '00200037',
  rows: '00280010',
  seriesOfStudy: '00201206',
  imagesOfSeries: '00201209',
};

/** True for the description of a series that this software made. */
const isProtectedDescription = (description: unknown): boolean =>
  typeof description === 'string' &&
  Object.values(SERIES_SUFFIX).some((suffix) => description.trim().endsWith(suffix));

/**
 * The images of a study or a series on a server.
 * Throws `invalid-argument` for UIDs that are none, and `not-dicom` where there is nothing to work on.
 */
export async function listStudy(client: DicomWebClient, request: StudyRequest): Promise<Inputs> {
  const { study, series } = request;
  for (const uid of series === undefined ? [study] : [study, series]) {
    if (!isUid(uid))
      throw new KeyAreaError(
        'invalid-argument',
        'A UID is numbers with points between them, at most 64 characters.',
      );
  }
  const wanted =
    series === undefined ? await wantedSeries(client, request) : [await oneSeries(client, study, series)];
  const images: Input[] = [];
  let skipped = 0;
  for (const { uid, count } of wanted) {
    const fields = [TAGS.instanceNumber, TAGS.position, TAGS.orientation, TAGS.rows];
    const instances = await client.search(`/studies/${study}/series/${uid}/instances`, fields, {
      counted: () => count,
    });
    // Reports and presentation states have no rows. A server that names them for none says nothing.
    const namesRows = instances.some((object) => firstValue(object, TAGS.rows) !== undefined);
    for (const object of instances) {
      const instance = firstValue(object, TAGS.instance);
      if (!isUid(instance) || (namesRows && firstValue(object, TAGS.rows) === undefined)) skipped++;
      else images.push(inputOf(client, headingOf(object, { study, series: uid, instance })));
    }
  }
  if (images.length === 0) {
    throw new KeyAreaError(
      'not-dicom',
      `There is no ${request.wanted === 'protected' ? 'protected ' : ''}image in study ${study} on ${client.root}.`,
    );
  }
  return { images, skipped, many: true };
}

/** A series on a server. */
interface ListedSeries {
  readonly uid: string;
  /** Its images as the server counts them; undefined where it does not say. */
  readonly count: number | undefined;
  /** True where its description says that this software made it. */
  readonly made: boolean;
}

/** The series of a study, or those of them that match. */
export async function listSeries(
  client: DicomWebClient,
  study: string,
  match: Search['match'] = {},
): Promise<ListedSeries[]> {
  const fields = [TAGS.description, TAGS.seriesOfStudy, TAGS.imagesOfSeries];
  const counted: Search['counted'] = ([first]) => countOf(first, TAGS.seriesOfStudy);
  const all = await client.search(
    `/studies/${study}/series`,
    fields,
    Object.keys(match).length === 0 ? { counted } : { match },
  );
  return all.flatMap((object) => {
    const uid = firstValue(object, TAGS.series);
    if (!isUid(uid)) return [];
    const made = isProtectedDescription(firstValue(object, TAGS.description));
    return [{ uid, count: countOf(object, TAGS.imagesOfSeries), made }];
  });
}

/** A number that a server counted; undefined where it says none. */
function countOf(object: JsonObject | undefined, tag: string): number | undefined {
  const value = firstValue(object, tag);
  const count = value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isInteger(count) && count > 0 ? count : undefined;
}

async function oneSeries(
  client: DicomWebClient,
  study: string,
  series: string,
): Promise<Pick<ListedSeries, 'uid' | 'count'>> {
  const listed = await listSeries(client, study, { SeriesInstanceUID: series });
  return { uid: series, count: listed.find(({ uid }) => uid === series)?.count };
}

async function wantedSeries(
  client: DicomWebClient,
  { study, wanted }: StudyRequest,
): Promise<ListedSeries[]> {
  const all = await listSeries(client, study);
  // Descriptions may have been removed on the way: then each image is asked.
  if (wanted === 'protected' && !all.some(({ made }) => made)) return all;
  return all.filter(({ made }) => made === (wanted === 'protected'));
}

function headingOf(
  object: JsonObject,
  uids: { readonly study: string; readonly series: string; readonly instance: string },
): Heading {
  const numbers = (tag: string, count: number): number[] | undefined => {
    const values = valuesOf(object, tag).map(Number);
    return values.length === count && values.every(Number.isFinite) ? values : undefined;
  };
  return {
    ...uids,
    instanceNumber: numbers(TAGS.instanceNumber, 1)?.[0],
    position: numbers(TAGS.position, 3),
    orientation: numbers(TAGS.orientation, 6),
  };
}

function inputOf(client: DicomWebClient, heading: Heading): Input {
  const { series, instance } = heading;
  const name = client.nameOf(heading);
  return {
    name,
    place: join(series, `${instance}.dcm`),
    heading,
    read: async () => {
      const file = await client.retrieve(heading);
      if (file === undefined) throw new CommandError('server-refused', `${name} is not there any more.`);
      return file;
    },
  };
}
