import { imageAt, positionOf } from '../../src/viewer/positions';

const FILES = [
  { id: 'a', frames: 1 },
  { id: 'cine', frames: 3 },
  { id: 'b', frames: 1 },
];

test('every image is found at its position, and has it', () => {
  const images = [1, 2, 3, 4, 5].map((position) => imageAt(FILES, position)!);
  expect(images.map(({ fileId, frame }) => `${fileId} ${frame}`)).toEqual([
    'a 1',
    'cine 1',
    'cine 2',
    'cine 3',
    'b 1',
  ]);
  expect(images.map((image) => positionOf(FILES, image))).toEqual([1, 2, 3, 4, 5]);
});

test('behind the last image there is none, and what is not there has no position', () => {
  expect(imageAt(FILES, 6)).toBeUndefined();
  expect(positionOf(FILES, { fileId: 'other', frame: 1 })).toBeUndefined();
});
