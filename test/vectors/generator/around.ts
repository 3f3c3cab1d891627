import type { ErrorCode } from '../../../src/engine';
import { encodeEnvelopes, wrapForPassphrase } from '../../../src/engine/keys/envelope';
import { onCanvas } from '../../../src/engine/pixels/geometry';
import { prepareAgain } from '../../../src/engine/request';
import { findSite, type Site } from '../../../src/engine/surroundings/site';
import { type FrameRecipe, makeFrame } from '../../engine/frames';
import { makeJob, PICTURE } from './base';
import { altered, type Draft, hidden, PASSPHRASE, refused, restored } from './draft';
import { openJob } from './envelopes';
import { sealChecksum } from './forge';
import {
  type AroundForgery,
  type AroundRecipe,
  firstCarrier,
  forgeAround,
  forgeNested,
  type NestedForgery,
  withHeaderAround,
  withSample,
} from './forgeAround';

/** The surroundings carrier, a report hidden alone, and scrambling on top of the carrier. */

const FLAT_8: FrameRecipe = {
  ...PICTURE,
  width: 144,
  height: 128,
  bitsAllocated: 8,
  bitsStored: 8,
  range: [0.4, 0.6],
};
const AREA = { x: 48, y: 40, width: 43, height: 43 };
const VERSION = 4;
const SALT = 16;
const SECRET = { passphrase: PASSPHRASE };

type Glimpse = Draft['inspect'] | ErrorCode;

const seenIn = ({ keys, layout, qrText }: AroundForgery, bitsPerSample = 0): Draft['inspect'] => ({
  keys,
  coveredAreas: layout.coveredAreas,
  bitsPerSample,
  qrText,
});

const seenInNested = (forgery: NestedForgery): Draft['inspect'] => seenIn(forgery, forgery.bitsPerSample);

function draftAround(
  name: string,
  shows: string,
  { frame, secret }: Pick<AroundForgery, 'frame' | 'secret'>,
  expect: Draft['expect'] | ErrorCode,
  inspect: Glimpse,
): Draft {
  return {
    name,
    shows,
    secret,
    frame,
    expect: typeof expect === 'string' ? refused(expect) : expect,
    ...(inspect ? { inspect: typeof inspect === 'string' ? refused(inspect) : inspect } : {}),
  };
}

const make = async (picture: Partial<FrameRecipe> = {}, recipe: Partial<AroundRecipe> = {}) =>
  forgeAround(makeFrame({ ...FLAT_8, ...picture }), await makeJob(), SECRET, { areas: [AREA], ...recipe });

/** A picture of few values, `step` apart, and a background of one. */
async function makeGapped(step: number, signed: boolean): Promise<AroundForgery> {
  const shape = { bitsAllocated: 16, bitsStored: 16, noise: 0.002, signed } as const;
  const frame = makeFrame({ ...FLAT_8, ...shape, range: [0.2, 0.3] });
  const samples = frame.samples.map((cell, k) => (k % FLAT_8.width < 40 ? 3 * step : cell - (cell % step)));
  return forgeAround({ ...frame, samples }, await makeJob(), SECRET, { areas: [AREA] });
}

async function sound(): Promise<Draft[]> {
  const kinds: [string, string, Partial<FrameRecipe>, Partial<AroundRecipe>][] = [
    ['8-bits', 'carried by the surroundings, 8 bits', {}, { index: 1, count: 3 }],
    [
      '12-bits-signed',
      'carried by the surroundings, 12 bits signed in 16',
      { bitsAllocated: 16, bitsStored: 12, signed: true },
      { attachment: Uint8Array.of(0, 1, 254, 255) },
    ],
    ['rgb', 'carried by the surroundings, RGB', { samplesPerPixel: 3, width: 112, height: 100 }, {}],
    ['report-alone', 'a report hidden alone: there is no area and no QR code', {}, { areas: [] }],
  ];
  const gaps = await makeGapped(7, false);
  const wide = await makeGapped(40, true);
  const { path } = findSite(gaps.frame, gaps.site, 8 * gaps.headerBytes.length + 1) as Site;
  const flag = path[path.length - 1];
  const drafts: Draft[] = [
    draftAround('around/values-7', 'values 7 apart carry too', gaps, restored(gaps), seenIn(gaps)),
    draftAround('around/values-40', 'values 40 apart carry too, signed', wide, restored(wide), seenIn(wide)),
    draftAround(
      'around/values-flipped',
      'a flipped sample of the background, which carries',
      withSample(gaps, 20, 60),
      'damaged',
      'damaged',
    ),
    draftAround(
      'around/values-denied',
      'values carry too, and the parameters say that they do not',
      withSample(gaps, flag % FLAT_8.width, Math.floor(flag / FLAT_8.width)),
      'damaged',
      'damaged',
    ),
  ];
  for (const [name, shows, picture, recipe] of kinds) {
    const forgery = await make(picture, recipe);
    drafts.push(draftAround(`around/${name}`, shows, forgery, restored(forgery), seenIn(forgery)));
  }
  return drafts;
}

/** Bytes of the header that are lied about, before the payload is sealed with it. */
async function lies(): Promise<Draft[]> {
  const forged = await make({}, { headerBytes: (bytes) => bytes.fill(2, VERSION, VERSION + 1) });
  const sealed = await make(
    {},
    { sealed: (bytes) => bytes.map((value, k) => (k === 9 ? value ^ 1 : value)) },
  );
  const empty = await make({}, { areas: [], sealed: (bytes) => bytes.subarray(0, 15) });
  const mine = await make({}, { headerBytes: (bytes) => bytes.fill(7, SALT, SALT + 16) });
  return [
    draftAround('around/version-2', 'version 2', forged, 'unsupported-version', 'unsupported-version'),
    draftAround('around/salt', 'the salt is another one', mine, 'wrong-key', seenIn(mine)),
    draftAround(
      'around/sealed-flipped',
      'a flipped bit in the encrypted payload, below a right checksum',
      sealed,
      'damaged',
      seenIn(sealed),
    ),
    draftAround(
      'around/sealed-short',
      'a report alone, whose encrypted payload is shorter than its tag',
      empty,
      'damaged',
      'damaged',
    ),
  ];
}

/** What happens to a sound picture. */
async function changes(): Promise<Draft[]> {
  const forgery = await make();
  const alone = await make({}, { areas: [] });
  const { width, height } = forgery.frame;
  const foreign = await make({ seed: 2 });
  const wide = await make({ width: width + 2 });
  const cut = (from: AroundForgery) => ({
    ...from,
    frame: onCanvas(from.frame, 0, 0, width, height - 8),
  });
  const [{ x, y }] = forgery.layout.coveredAreas;
  // Neither a carrier, which the edge's pixels are not, nor the header's, which may go down one edge.
  const edge = { x: forgery.site === 3 ? 0 : width - 1, y: height / 2 };
  const marked = withSample(forgery, edge.x, edge.y);
  const now = withSample({ ...forgery, frame: forgery.original }, edge.x, edge.y).frame;
  // Blocks of 64 pixels, of which there may be 16.
  const block = { x: edge.x - (edge.x % 64), y: 64, width: edge.x === 0 ? 64 : 16, height: 64 };
  const wrong = { passphrase: 'wrong horse' };
  const second = forgery.headerBytes.slice();
  second[SALT] ^= 1;
  return [
    draftAround(
      'around/wrong-key',
      'another passphrase',
      { ...forgery, secret: wrong },
      'wrong-key',
      seenIn(forgery),
    ),
    draftAround(
      'around/symbol-marked',
      'a flipped sample under the QR code, which carries nothing',
      withSample(forgery, x + 20, y + 20),
      restored(forgery),
      undefined,
    ),
    draftAround(
      'around/edge-flipped',
      'a flipped sample at the edge, which carries nothing: the picture is another one',
      marked,
      altered(forgery, [block], now),
      seenIn(forgery),
    ),
    draftAround(
      'around/stream-flipped',
      'a flipped sample among those that carry',
      withSample(forgery, ...firstCarrier(forgery)),
      'damaged',
      'damaged',
    ),
    draftAround(
      'around/cut',
      'cut by eight rows: the header names another size',
      cut(forgery),
      'not-protected',
      'not-protected',
    ),
    draftAround(
      'around/header-of-another',
      'the header of another picture of the same size',
      withHeaderAround(forgery, foreign.headerBytes),
      'damaged',
      'damaged',
    ),
    draftAround(
      'around/header-of-a-wider',
      'the header of a wider picture',
      withHeaderAround(forgery, wide.headerBytes),
      'not-protected',
      'not-protected',
    ),
    draftAround(
      'around/header-salt-changed',
      'another salt in the header, with a right checksum of its own',
      withHeaderAround(forgery, sealChecksum(second) && second),
      'damaged',
      'damaged',
    ),
    draftAround(
      'around/report-alone-wrong-key',
      'a report alone, and another passphrase',
      { ...alone, secret: wrong },
      'wrong-key',
      seenIn(alone),
    ),
    draftAround(
      'around/report-alone-stream-flipped',
      'a report alone, and a flipped sample among those that carry it',
      withSample(alone, ...firstCarrier(alone)),
      'damaged',
      'damaged',
    ),
    draftAround(
      'around/report-alone-cut',
      'a report alone, cut by eight rows',
      cut(alone),
      'not-protected',
      'not-protected',
    ),
  ];
}

/** Work factors as no age writes them. */
async function costs(): Promise<Draft[]> {
  const { contentKey, job } = await openJob();
  const own = Buffer.from(await wrapForPassphrase(contentKey, PASSPHRASE, 8)).toString('latin1');
  const kinds: [string, ErrorCode][] = [
    ['NaN', 'costly-key'],
    ['1e9', 'costly-key'],
    ['08', 'wrong-key'],
  ];
  const drafts: Draft[] = [];
  for (const [cost, error] of kinds) {
    const envelope = Buffer.from(own.replace(/^(-> scrypt \S+) 8$/m, `$1 ${cost}`), 'latin1');
    const envelopeList = encodeEnvelopes([new Uint8Array(envelope)]);
    const forgery = await forgeAround(makeFrame(FLAT_8), job, SECRET, { areas: [], envelopeList });
    const shows = `a report alone, whose envelope asks for a work factor of ${cost}`;
    drafts.push(draftAround(`around/cost-${cost}`, shows, forgery, error, seenIn(forgery)));
  }
  return drafts;
}

/** Scrambled on top. */
async function nested(): Promise<Draft[]> {
  const inner = await make();
  const forgery = await forgeNested(inner);
  const hollow = await forgeNested(inner, inner.original);
  const broken = await forgeNested(inner, withSample(inner, ...firstCarrier(inner)).frame);
  const endless = await forgeNested(
    await make({}, { task: (task) => prepareAgain(task, task.frame, [AREA]) }),
  );
  const { coveredAreas } = forgery.layout;
  return [
    draftAround(
      'nested/8-bits',
      'carried by the surroundings, then scrambled, 8 bits',
      forgery,
      { restored: hidden(inner, { coveredAreas }) },
      seenInNested(forgery),
    ),
    draftAround(
      'nested/wrong-key',
      'scrambled on top, and another passphrase',
      { ...forgery, secret: { passphrase: 'wrong horse' } },
      'wrong-key',
      seenInNested(forgery),
    ),
    draftAround(
      'nested/noise-flipped',
      'a flipped sample in the noise, which is one that carries below it',
      withSample(forgery, ...firstCarrier(inner)),
      'damaged',
      seenInNested(forgery),
    ),
    draftAround(
      'nested/nothing-within',
      'the vault says that the surroundings carry, and they do not',
      hollow,
      'damaged',
      seenInNested(hollow),
    ),
    draftAround(
      'nested/damaged-within',
      'the vault gives back exactly what it hid, whose surroundings are damaged',
      broken,
      'damaged',
      seenInNested(broken),
    ),
    draftAround(
      'nested/third-layer',
      'the surroundings say that there is a third layer',
      endless,
      'damaged',
      seenInNested(endless),
    ),
  ];
}

export const aroundVectors = async (): Promise<Draft[]> => [
  ...(await sound()),
  ...(await lies()),
  ...(await changes()),
  ...(await costs()),
  ...(await nested()),
];
