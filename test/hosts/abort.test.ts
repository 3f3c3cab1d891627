import { unlessAborted } from '../../src/hosts/abort';

const never = new Promise<never>(() => {});

test('work that is done in time gives what it gives', async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
  await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});

test('work that is aborted is not waited for', async () => {
  const running = new AbortController();
  const waiting = unlessAborted(never, running.signal);
  running.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  await expect(unlessAborted(never, running.signal)).rejects.toThrow('cancelled');
});
