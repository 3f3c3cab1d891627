import { checkSeries, firstOfLargestJob, type SeriesMember } from '../../src/engine';

const job = new Uint8Array(16).fill(7);
const member = (index: number, jobId = job): SeriesMember => ({ jobId, index, count: 4 });
const nothing = { foreign: [], missing: [], duplicate: [], outOfPlace: [] };

test.each([
  ['whole and in order', [0, 1, 2, 3], nothing],
  ['missing', [0, 3], { ...nothing, missing: [1, 2] }],
  ['duplicate', [0, 1, 1, 2, 3], { ...nothing, duplicate: [1] }],
  ['exchanged', [0, 2, 1, 3], { ...nothing, outOfPlace: [2] }],
])('a series that is %s', (_name, order, report) => {
  expect(checkSeries(order.map((index) => member(index)))).toEqual(report);
});

test.each([
  ['among images that tie', [1, 0, 2, 3], []],
  ['of images that tie behind a later one', [3, 1, 0, 2], [1, 2, 3]],
  ['of one behind images that tie', [2, 1, 3, 0], [3]],
])('order %s', (_name, order, outOfPlace) => {
  const ties = new Set(order[0] === 3 ? [2] : [1]);
  const report = checkSeries(
    order.map((index) => member(index)),
    (_place, next) => ties.has(next),
  );
  expect(report).toEqual({ ...nothing, outOfPlace });
});

test('an image of another job', () => {
  const stranger = member(2, new Uint8Array(16));
  expect(checkSeries([member(0), member(1), stranger, member(3)])).toEqual({
    ...nothing,
    foreign: [2],
    missing: [2],
  });
});

test.each([0, 2, 4])('an image of another job at place %i says nothing of the others', (place) => {
  const images = [0, 1, 2, 3].map((index) => member(index));
  images.splice(place, 0, { jobId: new Uint8Array(16), index: 3, count: 9 });
  expect(checkSeries(images)).toEqual({ ...nothing, foreign: [place] });
});

test('of jobs with as many images the first counts', () => {
  const [first, other] = [member(0), member(1, new Uint8Array(16))];
  expect(firstOfLargestJob([first, other])).toBe(first);
  expect(firstOfLargestJob([other, first])).toBe(other);
});

test('nothing restored, nothing to say', () => expect(checkSeries([])).toEqual(nothing));

test.each([
  [0, 0xffffffff],
  [0xfffffffe, 1],
])('places that lie cost no memory: %i of %i', (index, count) => {
  expect(checkSeries([{ jobId: job, index, count }]).missing.length).toBeLessThanOrEqual(65536);
});
