import { cornerstoneLibraries } from '../../src/ohif/libraries';
import { watchViewer } from '../../src/ohif/watch';
import { FakeHost } from './fakeHost';

/** What Cornerstone tells when Undo takes back that a key area was removed, added, or changed. */
test.each(['ANNOTATION_ADDED', 'ANNOTATION_REMOVED', 'ANNOTATION_MODIFIED'])(
  'what Undo does to a key area is noticed: %s',
  async (event) => {
    globalThis.document ??= new EventTarget() as unknown as Document;
    const { eventTarget, parameters } = new FakeHost();
    const libraries = cornerstoneLibraries(parameters.extensionManager);
    Object.assign(libraries.cornerstoneTools.Enums.Events, { [event]: `told ${event}` });
    const noticed = new Promise<void>((resolve) => {
      watchViewer(resolve, parameters.servicesManager.services, libraries);
    });
    eventTarget.dispatchEvent(new CustomEvent(`told ${event}`));
    await noticed;
  },
);
