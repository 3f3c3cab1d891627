import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePart10 } from './part10.mjs';

const SIZE = 512;
const SLICES = 16;
const PIXEL_SPACING = 0.7;
const SLICE_THICKNESS = 5;
const RESCALE_INTERCEPT = -1024;
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const STUDY = '2.25.272149811325478107655020214869573104001';
const SERIES = '2.25.272149811325478107655020214869573104002';
const FRAME_OF_REFERENCE = '2.25.272149811325478107655020214869573104003';
const INSTANCE = '2.25.2721498113254781076550202148695731041';

/** Hounsfield units. */
const Tissue = {
  air: -1000,
  lung: -850,
  fat: -100,
  water: 0,
  muscle: 50,
  blood: 45,
  nodule: 40,
  marrow: 250,
  bone: 700,
};

/**
 * @typedef {object} Ellipsoid
 * @property {number} x millimetres to the patient's left from the middle of the picture
 * @property {number} y millimetres to the back
 * @property {number} z millimetres to the head from the middle slice; everywhere if left out with `c`
 * @property {number} a half axes
 * @property {number} b
 * @property {number} c
 * @property {number} value
 */

/**
 * @param {number} value
 * @param {[x: number, y: number, a: number, b: number]} shape
 * @param {number} [z]
 * @param {number} [c]
 * @returns {Ellipsoid}
 */
const ellipsoid = (value, [x, y, a, b], z = 0, c = Number.POSITIVE_INFINITY) => ({ x, y, z, a, b, c, value });

/** A chest with a nodule in its right lung; later shapes cover earlier ones. */
const CHEST = [
  ellipsoid(Tissue.fat, [0, 0, 168, 118]),
  ellipsoid(Tissue.muscle, [0, 0, 156, 106]),
  ...[-1, 1].flatMap((side) =>
    Array.from({ length: 9 }, (_, index) => {
      const angle = ((index - 4) * 0.3 + (side === 1 ? 0 : Math.PI)) % (2 * Math.PI);
      return ellipsoid(
        Tissue.bone,
        [143 * Math.cos(angle), 94 * Math.sin(angle), 9, 5],
        ((index * 37) % 60) - 30,
        22,
      );
    }),
  ),
  ellipsoid(Tissue.lung, [-75, -2, 58, 82], 4, 150),
  ellipsoid(Tissue.lung, [78, 2, 54, 80], 4, 150),
  ...vessels(-72, 46, 66),
  ...vessels(76, 42, 64),
  ellipsoid(Tissue.muscle, [0, 10, 26, 74]),
  ellipsoid(Tissue.blood, [26, -22, 52, 44], -30, 62),
  ellipsoid(Tissue.blood, [16, 46, 13, 13]),
  ellipsoid(Tissue.air, [-13, 14, 8, 6], -8, 50),
  ellipsoid(Tissue.air, [12, 16, 7, 6], -8, 50),
  ellipsoid(Tissue.bone, [0, 72, 24, 20]),
  ellipsoid(Tissue.marrow, [0, 70, 20, 16]),
  ellipsoid(Tissue.bone, [0, 96, 15, 13]),
  ellipsoid(Tissue.water, [0, 92, 9, 8]),
  ellipsoid(Tissue.bone, [0, -97, 16, 5]),
  ellipsoid(Tissue.nodule, [-92, 22, 10, 9], 0, 12),
];

/**
 * Vessels seen as spots that get smaller towards the outside of a lung.
 *
 * @param {number} centre
 * @param {number} width
 * @param {number} height
 */
function vessels(centre, width, height) {
  const random = randomNumbers(Math.abs(centre));
  return Array.from({ length: 150 }, () => {
    const angle = random() * 2 * Math.PI;
    const distance = Math.sqrt(random());
    const radius = 0.7 + 3 * (1 - distance) * random();
    const place = /** @type {const} */ ([
      centre + width * distance * Math.cos(angle),
      height * distance * Math.sin(angle),
    ]);
    return ellipsoid(
      Tissue.blood,
      [...place, radius, radius * (1 + random())],
      (random() - 0.5) * 80,
      4 + 14 * random(),
    );
  });
}

/**
 * Numbers from 0 to 1 that are the same in every run (the generator of Numerical Recipes, section 7.1).
 *
 * @param {number} seed
 */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Another one for every other picture: a short digest of this file. */
export async function phantomVersion() {
  const source = await readFile(fileURLToPath(import.meta.url));
  return createHash('sha256').update(source).digest('hex').slice(0, 8);
}

/**
 * Makes the folder with the synthesised CT series, unless it is there.
 *
 * @param {string} folder
 */
export async function ensurePhantom(folder) {
  if (await stat(folder).catch(() => undefined)) return;
  const work = `${folder}.making`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  for (let number = 1; number <= SLICES; number++) {
    await writeFile(join(work, `ct_${String(number).padStart(2, '0')}.dcm`), phantomSlice(number));
  }
  await rename(work, folder);
}

/**
 * One slice as a Part 10 file: 12 bits stored in 16, unsigned, Rescale Intercept -1024.
 *
 * @param {number} number from 1, at the feet
 * @returns {Buffer}
 */
export function phantomSlice(number) {
  const z = (number - (SLICES + 1) / 2) * SLICE_THICKNESS;
  const corner = -((SIZE - 1) / 2) * PIXEL_SPACING;
  const pixels = slicePixels(z, number);
  return writePart10([
    { tag: 0x00080008, vr: 'CS', value: 'ORIGINAL\\PRIMARY\\AXIAL' },
    { tag: 0x00080016, vr: 'UI', value: CT_IMAGE_STORAGE },
    { tag: 0x00080018, vr: 'UI', value: `${INSTANCE}${String(number).padStart(2, '0')}` },
    { tag: 0x00080020, vr: 'DA', value: '20260105' },
    { tag: 0x00080021, vr: 'DA', value: '20260105' },
    { tag: 0x00080023, vr: 'DA', value: '20260105' },
    { tag: 0x00080030, vr: 'TM', value: '093000' },
    { tag: 0x00080033, vr: 'TM', value: '093000' },
    { tag: 0x00080050, vr: 'SH', value: '' },
    { tag: 0x00080060, vr: 'CS', value: 'CT' },
    { tag: 0x00080070, vr: 'LO', value: 'Synthesised' },
    { tag: 0x00080090, vr: 'PN', value: '' },
    { tag: 0x00081030, vr: 'LO', value: 'Chest phantom' },
    { tag: 0x0008103e, vr: 'LO', value: 'Chest with nodule' },
    { tag: 0x00100010, vr: 'PN', value: 'Phantom^Chest' },
    { tag: 0x00100020, vr: 'LO', value: 'PHANTOM-1' },
    { tag: 0x00100030, vr: 'DA', value: '' },
    { tag: 0x00100040, vr: 'CS', value: 'O' },
    { tag: 0x00180015, vr: 'CS', value: 'CHEST' },
    { tag: 0x00180050, vr: 'DS', value: String(SLICE_THICKNESS) },
    { tag: 0x00180060, vr: 'DS', value: '' },
    { tag: 0x00185100, vr: 'CS', value: 'HFS' },
    { tag: 0x0020000d, vr: 'UI', value: STUDY },
    { tag: 0x0020000e, vr: 'UI', value: SERIES },
    { tag: 0x00200010, vr: 'SH', value: '1' },
    { tag: 0x00200011, vr: 'IS', value: '1' },
    { tag: 0x00200012, vr: 'IS', value: '1' },
    { tag: 0x00200013, vr: 'IS', value: String(number) },
    { tag: 0x00200032, vr: 'DS', value: [corner, corner, z].map((value) => value.toFixed(3)).join('\\') },
    { tag: 0x00200037, vr: 'DS', value: '1\\0\\0\\0\\1\\0' },
    { tag: 0x00200052, vr: 'UI', value: FRAME_OF_REFERENCE },
    { tag: 0x00201040, vr: 'LO', value: '' },
    { tag: 0x00280002, vr: 'US', value: 1 },
    { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
    { tag: 0x00280010, vr: 'US', value: SIZE },
    { tag: 0x00280011, vr: 'US', value: SIZE },
    { tag: 0x00280030, vr: 'DS', value: `${PIXEL_SPACING}\\${PIXEL_SPACING}` },
    { tag: 0x00280100, vr: 'US', value: 16 },
    { tag: 0x00280101, vr: 'US', value: 12 },
    { tag: 0x00280102, vr: 'US', value: 11 },
    { tag: 0x00280103, vr: 'US', value: 0 },
    { tag: 0x00281050, vr: 'DS', value: '-500' },
    { tag: 0x00281051, vr: 'DS', value: '1500' },
    { tag: 0x00281052, vr: 'DS', value: String(RESCALE_INTERCEPT) },
    { tag: 0x00281053, vr: 'DS', value: '1' },
    { tag: 0x00281054, vr: 'LO', value: 'HU' },
    { tag: 0x7fe00010, vr: 'OW', value: pixels },
  ]);
}

/**
 * @param {number} z
 * @param {number} seed of the noise
 */
function slicePixels(z, seed) {
  const random = randomNumbers(seed);
  const shapes = CHEST.filter((shape) => Math.abs(z - shape.z) < shape.c).map((shape) => {
    const scale = Math.sqrt(1 - ((z - shape.z) / shape.c) ** 2);
    return { ...shape, a: shape.a * scale, b: shape.b * scale };
  });
  const pixels = Buffer.alloc(SIZE * SIZE * 2);
  for (let row = 0; row < SIZE; row++) {
    const y = (row - (SIZE - 1) / 2) * PIXEL_SPACING;
    const shapesOfRow = shapes.filter((shape) => Math.abs(y - shape.y) <= shape.b + 1);
    for (let column = 0; column < SIZE; column++) {
      const x = (column - (SIZE - 1) / 2) * PIXEL_SPACING;
      let value = Tissue.air;
      for (const shape of shapesOfRow) value = blend(value, shape, x, y);
      const noise = (random() + random() + random() - 1.5) * 40;
      const stored = Math.round(value + noise - RESCALE_INTERCEPT);
      pixels.writeUInt16LE(Math.min(4095, Math.max(0, stored)), (row * SIZE + column) * 2);
    }
  }
  return pixels;
}

/**
 * Lays a shape over a value, with an edge about one pixel wide as a scanner would show it.
 *
 * @param {number} under
 * @param {Ellipsoid} shape
 * @param {number} x
 * @param {number} y
 */
function blend(under, shape, x, y) {
  const dx = x - shape.x;
  const dy = y - shape.y;
  if (Math.abs(dx) > shape.a + 1 || Math.abs(dy) > shape.b + 1) return under;
  const distance = Math.hypot(dx / shape.a, dy / shape.b);
  const millimetresInside = (1 - distance) * Math.min(shape.a, shape.b);
  const share = Math.min(1, Math.max(0, millimetresInside / PIXEL_SPACING + 0.5));
  return under + (shape.value - under) * share;
}
