import { retrieve } from '../../src/hosts/wadoRs';
import { ReadError } from '../../src/viewer/port';
import { brokenOff } from './storing';

const uids = { study: '1.2', series: '1.2.3', instance: '1.2.3.4' };

afterEach(() => jest.restoreAllMocks());

describe('an object that a server does not hand out whole', () => {
  test.each([
    ['where it does not answer', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['where it breaks off while it answers', async () => brokenOff()],
  ])('is not read, which is told in words, %s', async (_, answer) => {
    jest.spyOn(globalThis, 'fetch').mockImplementation(answer);
    const reading = retrieve('https://pacs.example/rs', uids, {}, new AbortController().signal);
    await expect(reading).rejects.toThrow(ReadError);
    await expect(reading).rejects.toThrow('Try again.');
  });

  test('is nobody’s fault where the user gave up meanwhile', async () => {
    const giving = new AbortController();
    jest.spyOn(globalThis, 'fetch').mockImplementation(async () => {
      giving.abort();
      return brokenOff();
    });
    const reading = retrieve('https://pacs.example/rs', uids, {}, giving.signal);
    await expect(reading).rejects.toBe(giving.signal.reason);
  });
});
