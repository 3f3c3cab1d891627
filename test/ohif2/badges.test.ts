import { Badges } from '../../src/ohif2/badges';
import type { DisplaySet } from '../../src/ohif2/host';
import type { Studies } from '../../src/ohif2/studies';
import type { Viewports } from '../../src/ohif2/viewports';

/** The rules while one viewport is to show a protected series, and has an image of this object on screen. */
function rulesWith(fileOnScreen: string | undefined, asImages = true): string {
  let rules = '';
  class Sheet {
    replaceSync(text: string): void {
      rules = text;
    }
  }
  const document = { adoptedStyleSheets: [], querySelectorAll: () => [] };
  Object.assign(globalThis, { document, CSSStyleSheet: Sheet });
  const displaySet = {
    displaySetInstanceUID: 'A',
    SeriesDescription: 'Axial - key area hidden',
    images: ['1.1', '1.2'].map((SOPInstanceUID) => ({ getData: () => ({ metadata: { SOPInstanceUID } }) })),
  };
  const studies = { displaySets: () => [displaySet], displaySet: () => displaySet };
  const viewports = {
    indices: () => [0],
    shownIn: () => ({ id: 'A', plugin: asImages ? 'cornerstone' : 'vtk', asImages }),
    elementOf: () => ({}),
    fileIn: () => fileOnScreen,
  };
  const badges = new Badges(
    studies as unknown as Studies,
    viewports as unknown as Viewports,
    (_: DisplaySet) => 'protected',
  );
  badges.update();
  return rules;
}

const BADGE = '[data-cy="viewport-container-0"]::after{content:"Key area hidden"';

test.each(['1.1', '1.2'])(
  'a viewport with image %s of a protected series on screen bears its badge',
  (file) => {
    expect(rulesWith(file)).toContain(BADGE);
  },
);

test.each(['1.3', undefined])(
  'no badge stands over the image of another series, or over none (%s)',
  (file) => {
    expect(rulesWith(file)).toBe('');
  },
);

test('a view that is computed from a series bears its badge', () => {
  expect(rulesWith(undefined, false)).toContain(BADGE);
});
