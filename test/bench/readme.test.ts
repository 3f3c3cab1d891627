import type { Case } from '../../bench/beside';
import { plot } from '../../bench/plot';
import { placeSection } from '../../bench/readme';
import { SUMMARY, summarise, table } from '../../bench/tables';

const README = '# Name\n\nWhat it is.\n\n## Limits\n\nNone.\n';

describe('the section of README', () => {
  test('stands in front of the limits the first time, and is replaced from then on', () => {
    const first = placeSection(README, '## Beside\n\nFirst.\n\n');
    expect(first.indexOf('First.')).toBeLessThan(first.indexOf('## Limits'));
    const second = placeSection(first, '## Beside\n\nSecond.\n\n');
    expect(second).not.toContain('First.');
    expect(second).toBe(placeSection(README, '## Beside\n\nSecond.\n\n'));
  });

  test('is refused where there is no place for it', () => {
    expect(() => placeSection('# Name\n', 'Text.\n')).toThrow('no place');
  });
});

const UNCHANGED = { samplesChangedOutside: 0, psnrOutside: Infinity, ssimOutside: 1 };
const CHANGED = { samplesChangedOutside: 9, psnrOutside: 45, ssimOutside: 0.98 };
const done = { exact: true, blind: true, sideData: 0, hide: 4, restore: 2, alteration: 'noticed' } as const;

const CASES: Case[] = [
  { ...done, method: 'quiet', image: 'a', share: 0.05, distortion: UNCHANGED, readable: true },
  { ...done, method: 'quiet', image: 'b', share: 0.05, distortion: UNCHANGED, readable: true },
  {
    ...done,
    method: 'loud',
    image: 'a',
    share: 0.05,
    distortion: CHANGED,
    blind: false,
    sideData: 12,
    readable: false,
  },
  { method: 'loud', image: 'b', share: 0.05, refused: 'no room' },
];
const LARGEST = [
  { method: 'quiet', image: 'a', hundredths: 100 },
  { method: 'loud', image: 'a', hundredths: 7 },
  { method: 'loud', image: 'b', hundredths: 0 },
];

test('the table counts what came back of all cases, refusals among them', () => {
  const [, , quiet, loud] = table(SUMMARY, summarise(CASES, LARGEST)).split('\n');
  expect(quiet).toBe('| quiet | 2 of 2 | 2 of 2 | 100 % | 0 | ∞ | 1.0000 | 2 of 2 | 0 of 2 | 4 + 2 |');
  expect(loud).toBe('| loud | 1 of 2 | 0 of 2 | 0 to 7 % | 12 | 45.0 | 0.9800 | 0 of 1 | 0 of 1 | 4 + 2 |');
});

test('the plot has no point where the key area is the whole image: nothing is outside', () => {
  const whole: Case = { ...done, method: 'quiet', image: 'a', share: 1, readable: true };
  const drawn = plot(summarise([...CASES, whole], LARGEST));
  expect(drawn.match(/<circle [^>]*>/g)).toHaveLength(2);
  expect(drawn).not.toContain('100 %');
});

test('the plot marks what came back on all images apart from what did on some', () => {
  const circles = plot(summarise(CASES, LARGEST)).match(/<circle [^>]*>/g);
  expect(circles).toHaveLength(2);
  expect(circles?.[0]).not.toContain('fill="none"');
  expect(circles?.[1]).toContain('fill="none"');
});
