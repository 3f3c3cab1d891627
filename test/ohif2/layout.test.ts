import { Layout } from '../../src/ohif2/layout';
import type { Libraries } from '../../src/ohif2/libraries';
import type { Studies } from '../../src/ohif2/studies';
import type { Viewports } from '../../src/ohif2/viewports';

/** A viewer of one series, which does not draw by itself. */
function setUp() {
  globalThis.document ??= new EventTarget() as unknown as Document;
  const dispatched: unknown[] = [];
  const store = { dispatch: (action: unknown) => dispatched.push(action) };
  const studies = { listed: () => ({ displaySetInstanceUID: 'A', images: [] }), displaySet: () => undefined };
  const layout = new Layout(
    { store } as unknown as Libraries,
    studies as unknown as Studies,
    { indices: () => [] } as unknown as Viewports,
  );
  return { layout, dispatched };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Milliseconds until it is done, in tenths of a second. */
async function timeOf(work: Promise<void>): Promise<number | undefined> {
  let isDone = false;
  void work.then(() => {
    isDone = true;
  });
  for (let time = 0; time <= 3000; time += 100) {
    await jest.advanceTimersByTimeAsync(time === 0 ? 0 : 100);
    if (isDone) return time;
  }
  return undefined;
}

test('where there is nothing to be drawn, nothing is waited for', async () => {
  const { layout, dispatched } = setUp();
  await expect(timeOf(layout.update([]))).resolves.toBe(0);
  const asVolume = { paneId: '0', seriesId: 'A', position: 1, type: 'vtk' };
  await expect(timeOf(layout.update([asVolume]))).resolves.toBe(0);
  expect(dispatched).toHaveLength(1);
  layout.release();
});

test('a picture is waited for, but not for ever', async () => {
  const { layout } = setUp();
  await expect(timeOf(layout.update([{ paneId: '0', seriesId: 'A', position: 1 }]))).resolves.toBe(2000);
  layout.release();
});
