import { coalesce } from '../../src/hosts/coalesce';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('changes that come together are told once, later ones again', () => {
  const listener = jest.fn();
  const { changed } = coalesce(listener);
  changed();
  changed();
  expect(listener).not.toHaveBeenCalled();
  jest.runAllTimers();
  expect(listener).toHaveBeenCalledTimes(1);
  changed();
  jest.runAllTimers();
  expect(listener).toHaveBeenCalledTimes(2);
});

test('nothing is told after it was stopped', () => {
  const listener = jest.fn();
  const { changed, stop } = coalesce(listener);
  changed();
  stop();
  jest.runAllTimers();
  expect(listener).not.toHaveBeenCalled();
});
