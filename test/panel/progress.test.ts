import { Pace } from '../../src/panel/progress';

/** A pace that started at 0, with the clock at `milliseconds`. */
const clock = (milliseconds: number) => jest.spyOn(performance, 'now').mockReturnValue(milliseconds);

let pace: Pace;
beforeEach(() => {
  clock(0);
  pace = new Pace();
});
afterEach(() => jest.restoreAllMocks());

test('the time left follows from the images done so far, not from what came before them', () => {
  clock(60_000);
  expect(pace.secondsLeft(0, 10)).toBeUndefined();
  clock(64_000);
  expect(pace.secondsLeft(2, 10)).toBe(16);
  clock(70_000);
  expect(pace.secondsLeft(10, 10)).toBe(0);
});

test('only the end of a long task is announced', () => {
  const tell = jest.fn();
  clock(3000);
  pace.announce(tell);
  expect(tell).not.toHaveBeenCalled();
  clock(9000);
  pace.announce(tell);
  expect(tell).toHaveBeenCalledTimes(1);
});
