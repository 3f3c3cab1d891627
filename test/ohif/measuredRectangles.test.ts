import type { Annotation, CornerstoneTools } from '../../src/ohif/host';
import { KEY_AREA_TOOL } from '../../src/ohif/keyAreaTool';
import { cornerstoneLibraries } from '../../src/ohif/libraries';
import { adoptRectangle, MEASURING_TOOL, measuredRectangles } from '../../src/ohif/measuredRectangles';
import { FakeHost } from './fakeHost';

/** Cornerstone's tools, with a rectangle that was measured on each of two images. */
function setUp(): { tools: CornerstoneTools; host: FakeHost } {
  const host = new FakeHost();
  host.annotations = ['one', 'other'].map(
    (name): Annotation => ({
      annotationUID: name,
      metadata: { toolName: MEASURING_TOOL, referencedImageId: `image ${name}` },
      data: {
        handles: {
          points: [
            [1, 2, 0],
            [3, 4, 0],
          ],
        },
        cachedStats: { mean: 5 },
      },
    }),
  );
  return { tools: cornerstoneLibraries(host.parameters.extensionManager).cornerstoneTools, host };
}

test('a measured rectangle becomes a key area without what was measured', () => {
  const { tools, host } = setUp();
  expect(adoptRectangle('one', tools, 'image one')).toBe(true);
  expect(measuredRectangles(tools, 'image one')).toEqual([]);
  const made = host.annotations.at(-1)!;
  expect(made.metadata).toEqual({ toolName: KEY_AREA_TOOL, referencedImageId: 'image one' });
  expect(made.data.cachedStats).toEqual({});
});

test('a rectangle on another image than the one that is meant stays as it is', () => {
  const { tools, host } = setUp();
  const before = structuredClone(host.annotations);
  expect(adoptRectangle('other', tools, 'image one')).toBe(false);
  expect(adoptRectangle('none', tools, 'image one')).toBe(false);
  expect(host.annotations).toEqual(before);
});
