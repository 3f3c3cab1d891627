import { renderToStaticMarkup } from 'react-dom/server';
import { PanelController } from '../../src/panel/controller';
import { Panel } from '../../src/panel/parts/Panel';
import { emptyDraft } from '../../src/panel/protect/draft';
import { NOTHING_TYPED } from '../../src/panel/restore/restoring';
import type { OpensFor, PanelState } from '../../src/panel/state';
import { errorTexts } from '../../src/panel/texts/errorTexts';
import type { ViewerState } from '../../src/viewer/port';
import type { KeyAreaService, Likeness } from '../../src/viewer/service';
import { FakeViewer, imageOf, keyArea, seriesOf } from './fakeViewer';
import { panelSettings } from './settings';

const files = [1, 2, 3].map((number) => ({ id: `file ${number}`, frames: 1 }));
const original = seriesOf(files);
const ready = (changes: Partial<ViewerState & { status: 'ready' }> = {}): ViewerState => ({
  status: 'ready',
  series: original,
  image: imageOf(2),
  keyAreas: [],
  ...changes,
});
const protectedOutcome = {
  seriesId: 'protected',
  sourceId: 'original',
  fileIds: ['a', 'b', 'c'],
  sourceFileIds: ['file 1', 'file 2', 'file 3'],
  images: 3,
  hidden: 3,
  otherImages: 0,
  samplesChangedOutside: 0,
  psnrOutside: Number.POSITIVE_INFINITY,
  scrambled: false,
  opensFor: { recipients: undefined, recovery: [] } as OpensFor,
  toleratedMark: 20,
  coveredAreas: [{ x: 1, y: 2, width: 73, height: 73 }],
  firstPosition: 1,
  warnings: ['Frames of this image are not protected.'],
};
const restoredOutcome = {
  seriesId: 'restored',
  sourceId: 'protected',
  fileIds: ['a'],
  images: 1,
  isExact: true,
  report: 'Befund: kein Nachweis. 所見なし。',
  files: 1,
  identicalFiles: 1,
  lost: [],
  lostImages: [],
  repaired: [],
  decodedFiles: 0,
  changedSince: [],
  filesProtected: 1,
  findings: { missing: 0, duplicate: [], foreign: [], outOfPlace: [] },
  altered: [],
  alteredElsewhere: 0,
  meaningChanged: [],
  meaningChangedOn: [],
  description: 'Axial',
  seriesInstanceUID: '1.2.3',
  originals: [],
};
const alteredOutcome = {
  ...restoredOutcome,
  isExact: false,
  altered: [
    {
      position: 2,
      blockSize: 32,
      columns: 8,
      rows: 8,
      blocks: [
        { x: 32, y: 64, width: 32, height: 32 },
        { x: 64, y: 64, width: 32, height: 32 },
      ],
    },
  ],
};
const protectedSeries = seriesOf(files, { id: 'protected', kind: 'protected', notice: 'Ask us.' });

const told = (keys: readonly ('passphrase' | 'recipient')[]): Partial<PanelState> => ({
  restoring: { ...NOTHING_TYPED, told: new Map([['protected', { keys, notice: 'Ask us.' }]]) },
});

function render(
  viewer: ViewerState,
  changes: Partial<PanelState> = {},
  prepare?: (viewer: FakeViewer) => void,
): string {
  const port = new FakeViewer(viewer);
  prepare?.(port);
  const controller = new PanelController(port, service, panelSettings);
  controller.state.update(changes);
  // Once more: what the first time sets going, such as a new preview, is not what is looked at here.
  controller.state.update(changes);
  return renderToStaticMarkup(<Panel controller={controller} />);
}

const service = {
  inspect: async () => Promise.reject(new Error('not asked')),
  dispose: () => {},
} as Partial<KeyAreaService> as KeyAreaService;

const text = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&quot;|&#x27;/g, "'")
    .replace(/\s+/g, ' ');

/** Every state of the panel that a user can meet. */
const views: Record<string, () => string> = {
  empty: () => render({ status: 'empty' }),
  unsuitable: () => render({ status: 'unsuitable' }),
  draw: () => render(ready()),
  'looking for a key area': () =>
    render(ready(), {
      task: {
        kind: 'examine',
        done: undefined,
        total: 1,
        secondsLeft: undefined,
        cancelling: false,
        subject: '“Axial”',
      },
    }),
  protect: () => render(ready({ keyAreas: [keyArea(imageOf(2))] })),
  'protect a range': () =>
    render(ready({ keyAreas: [keyArea(imageOf(2))] }), {
      draft: {
        ...emptyDraft(panelSettings),
        report: 'x',
        passphrase: 'secret',
        scope: 'range',
        from: 1,
        to: 3,
      },
    }),
  working: () =>
    render(ready(), {
      task: { kind: 'protect', done: 1, total: 3, secondsLeft: 4, cancelling: false, subject: '“Axial”' },
    }),
  protected: () =>
    render(ready({ series: protectedSeries }), {
      protectedSeries: new Map([['protected', protectedOutcome]]),
    }),
  'protected, and drawn on': () =>
    render(ready({ series: protectedSeries, keyAreas: [keyArea(imageOf(2))] }), {
      protectedSeries: new Map([['protected', protectedOutcome]]),
    }),
  'locked, and drawn on': () => render(ready({ series: protectedSeries, keyAreas: [keyArea(imageOf(2))] })),
  'confirm storing': () =>
    render(ready({ series: protectedSeries }), {
      protectedSeries: new Map([['protected', protectedOutcome]]),
      confirmingStore: 'protected',
    }),
  restore: () => render(ready({ series: protectedSeries })),
  'restore with an identity': () => render(ready({ series: protectedSeries }), told(['recipient'])),
  'restore with either': () => render(ready({ series: protectedSeries }), told(['passphrase', 'recipient'])),
  'a key that costs much': () =>
    render(ready({ series: protectedSeries }), {
      restoring: { ...NOTHING_TYPED, consentFor: 'protected' },
    }),
  lost: () =>
    render(ready({ series: protectedSeries }), {
      restoring: {
        ...NOTHING_TYPED,
        told: new Map([
          ['protected', { problem: { place: 'action', title: 'The key area cannot come back', text: '…' } }],
        ]),
      },
    }),
  'lost, and alone': () =>
    render(ready({ series: seriesOf(files.slice(0, 1), { id: 'protected', kind: 'protected' }) }), {
      restoring: {
        ...NOTHING_TYPED,
        told: new Map([['protected', { problem: { place: 'action', title: 'x', text: 'y' } }]]),
      },
    }),
  'restored but for one': () =>
    render(ready({ series: seriesOf(files, { id: 'restored', kind: 'restored' }) }), {
      restoredSeries: new Map([
        [
          'protected',
          {
            ...restoredOutcome,
            images: 2,
            lost: [{ position: 2, frames: 1, reason: 'It was painted over.' }],
          },
        ],
      ]),
    }),
  'report read from the QR': () =>
    render(ready({ series: protectedSeries }), {
      restoring: {
        ...NOTHING_TYPED,
        told: new Map([['protected', { problem: { place: 'action', title: 'x', text: 'y' } }]]),
        readReport: { seriesId: 'protected', report: 'Findings: none.' },
      },
    }),
  'a photo': () => render(ready(), { photo: { name: '', sealed: undefined, notice: '', report: undefined } }),
  'a photo with a sealed report': () =>
    render(ready(), { photo: { name: 'a.png', sealed: 'KAP1:', notice: 'Ask us.', report: undefined } }),
  altered: () =>
    render(ready({ series: seriesOf(files, { id: 'restored', kind: 'altered' }) }), {
      restoredSeries: new Map([['protected', alteredOutcome]]),
    }),
  'restored but for an image of a file': () =>
    render(ready({ series: seriesOf(files, { id: 'restored', kind: 'altered' }) }), {
      restoredSeries: new Map([
        [
          'protected',
          {
            ...restoredOutcome,
            images: 3,
            isExact: false,
            lostImages: [2],
            meaningChanged: ['Rescale Slope (0028,1053)'],
          },
        ],
      ]),
    }),
  'confirm storing in clear': () =>
    render(ready({ series: seriesOf(files, { id: 'restored', kind: 'restored' }) }), {
      restoredSeries: new Map([['protected', restoredOutcome]]),
      confirmingStore: 'restored',
    }),
  restored: () =>
    render(ready({ series: seriesOf(files, { id: 'restored', kind: 'restored' }) }), {
      restoredSeries: new Map([['protected', restoredOutcome]]),
    }),
};

describe('every view', () => {
  test.each(Object.keys(views))('“%s” says what this is not', (name) => {
    expect(text(views[name]!())).toContain('Not a medical device.');
  });

  test.each(Object.keys(views))('“%s” names all its controls', (name) => {
    const html = views[name]!();
    for (const [control] of html.matchAll(/<(?:input|textarea)[^>]*>/g)) {
      const named = /type="(radio|checkbox)"| hidden=""/.test(control);
      expect(named || control.includes('aria-label="')).toBe(true);
    }
    for (const [button, content] of html.matchAll(/<button[^>]*>(.*?)<\/button>/g)) {
      expect(button.includes('aria-label="') || text(content!).trim() !== '').toBe(true);
    }
    for (const [label] of html.matchAll(/<label[^>]*>.*?<\/label>/g)) expect(text(label).trim()).not.toBe('');
    for (const [, id] of html.matchAll(/aria-labelledby="([^"]+)"/g)) expect(html).toContain(`id="${id}"`);
  });
});

describe('a screen reader is told', () => {
  test.each([
    ['protect', 'Preparing the key'],
    ['restore', 'Trying the key'],
    ['store', 'Saving file 1 of 3'],
    ['download', 'Reading file 1 of 3'],
    ['open', 'Opening file 1 of 3'],
    ['scan', 'Looking for a QR code'],
    ['read', 'Reading the report'],
  ] as const)('that a task begins: %s', (kind, words) => {
    const told = (done: number | undefined) => {
      const html = render(ready(), {
        task: { kind, done, total: 3, secondsLeft: 4, cancelling: false, subject: '“Axial”' },
      });
      return /role="status"[^>]*>([^<]*)</.exec(html)![1];
    };
    // Progress bars speak for themselves.
    for (const done of [undefined, 0, 2]) expect(told(done)).toBe(words);
  });

  test('that the key is ready as soon as work on the images begins', () => {
    const seen = (done: number | undefined) =>
      text(
        render(ready(), {
          task: {
            kind: 'protect',
            done,
            total: 3,
            secondsLeft: undefined,
            cancelling: false,
            subject: '“Axial”',
          },
        }).replace(/<div[^>]*role="status".*?<\/div>/, ''),
      );
    expect(seen(undefined)).toContain('Preparing the key');
    expect(seen(0)).toContain('Protecting image 1 of 3');
    expect(seen(0)).not.toContain('Preparing the key');
  });

  test('that a key area on a protected series hides nothing', () => {
    for (const name of ['protected, and drawn on', 'locked, and drawn on']) {
      expect(views[name]!()).toContain('What is drawn here hides nothing');
    }
    for (const name of ['protected', 'restore', 'protect']) {
      expect(views[name]!()).not.toContain('hides nothing');
    }
    const asked = render(ready({ keyAreas: [keyArea(imageOf(2))] }), {
      askedToRestore: { seriesId: seriesOf(files).id, notice: '' },
    });
    expect(asked).not.toContain('hides nothing');
  });

  test('which images are left out, and that others can be restored', () => {
    expect(views.lost!()).toContain('Restore the other images');
    expect(views['lost, and alone']!()).not.toContain('Restore the other images');
    const html = views['restored but for one']!();
    expect(html).toContain('2 of 3 images restored bit for bit');
    expect(html).not.toContain('Restored bit for bit');
    const partly = views['restored but for an image of a file']!();
    expect(partly).toContain('Key area restored but for 1 image');
    expect(partly).toContain('Image 2 cannot come back');
    expect(partly).toContain('Attributes that say what pixels mean');
    expect(partly).not.toContain('Every pixel came back');
    expect(partly).not.toContain('bit for bit');
    expect(partly).not.toContain('Save in clear');
    expect(html).toContain('Image 2 of the protected series is left out: It was painted over.');
    expect(html).not.toContain('Side by side');
  });

  test('which end of the range a field is', () => {
    const html = views['protect a range']!();
    expect(html).toContain('aria-label="From image"');
    expect(html).toContain('aria-label="To image"');
  });
});

describe('before protecting', () => {
  test.each(['draw', 'protect'])('a key area can be placed by keyboard: “%s”', (name) => {
    expect(text(views[name]!())).toContain('Place it by keyboard');
  });

  const measured = (...rectangles: string[]) =>
    text(
      render(ready(), {}, (viewer) => {
        viewer.rectangles = rectangles;
      }),
    );

  test('a measured rectangle is offered where there is only one to be meant', () => {
    expect(measured()).not.toMatch(/measured/);
    expect(measured('first')).toContain('Use the measured rectangle');
    expect(measured('first', 'second')).not.toContain('Use the measured rectangle');
    expect(measured('first', 'second')).toContain('Several rectangles are measured here.');
  });

  test('one sentence says which patient, series and images, and that nothing is sent', () => {
    expect(text(views.protect!())).toContain(
      'Hides the key area on 1 image of “Axial”, Doe, Jane, as a new series here. The original stays; nothing is sent.',
    );
  });

  test('what cannot be done is not promised', () => {
    const image = imageOf(2);
    const refusal = {
      place: 'action',
      title: 'The image is too small',
      text: 'It has 3 × 3 pixels.',
    } as const;
    const preview = { image, plan: undefined, tight: false, pending: false, refusal };
    const html = text(render(ready({ keyAreas: [keyArea(image)] }), { preview }));
    expect(html).toContain('The image is too small: see above.');
    expect(html).not.toMatch(/Hides the key area on|A QR code will cover it/);
  });

  test('size, place and share of the key area are shown', () => {
    expect(text(views.protect!())).toContain('80 × 80 at 90, 100');
    expect(text(views.protect!())).toContain('Image 2 of 3 · 9.8 % of it');
  });

  test('of a rectangle that cannot be a key area, only what is wrong with it', () => {
    const shown = text(render(ready({ keyAreas: [{ id: 'a', image: imageOf(2), problem: 'oblique' }] })));
    expect(shown).toContain('drawn on a rotated view');
    expect(shown).not.toContain('will cover it');
    expect(shown).not.toContain('0 images');
  });

  test('neighbours are offered in one click', () => {
    expect(text(views.protect!())).toContain('Include images 1 to 3');
  });

  test('a passphrase that is hidden is asked for twice, with what losing it means', () => {
    expect(views['protect a range']!()).toContain('aria-label="Repeat it"');
    expect(text(views.protect!())).toContain('Without it nobody can restore, not even us.');
  });

  const withOptions = (changes: Partial<ReturnType<typeof emptyDraft>>) =>
    text(
      render(ready({ keyAreas: [keyArea(imageOf(2))] }), {
        draft: { ...emptyDraft(panelSettings), ...changes },
      }),
    );

  test('where the picture is scrambled, nothing says that it stays as it is', () => {
    expect(withOptions({ carrier: 'vault' })).toContain('No pixel outside the covered area changes.');
    const scrambled = withOptions({ carrier: 'vault', scramble: true });
    expect(scrambled).toContain('All other pixels turn to noise.');
    expect(scrambled).not.toContain('No pixel outside');
    expect(withOptions({ carrier: 'surroundings', scramble: true })).not.toContain('by little');
  });

  test('of the options, a report alone has the packing', () => {
    const html = withOptions({ hideOnly: true, scramble: true, compress: true });
    expect(html).toContain('Options compressed Compress the export JPEG-LS Lossless');
    expect(html).not.toMatch(/Carried|scramble/i);
  });

  test('measurements that describe hidden pixels are pointed out', () => {
    const html = render(ready({ series: { ...original, measurements: 2 }, keyAreas: [keyArea(imageOf(2))] }));
    expect(text(html)).toContain('2 measurements or reports of this series may describe hidden pixels.');
  });
});

describe('what happened', () => {
  test('is told as it was counted', () => {
    const html = text(views.protected!());
    expect(html).toContain('3 images protected');
    expect(html).toContain('0 samples changed outside the covered area.');
    expect(html).toContain('Covered with QR: 73 × 73');
    expect(html).toContain('Frames of this image are not protected.');
  });

  const changed = (changes: Partial<typeof protectedOutcome>) =>
    text(
      render(ready({ series: protectedSeries }), {
        protectedSeries: new Map([['protected', { ...protectedOutcome, ...changes }]]),
      }),
    );

  test('of the surroundings, with how much that is', () => {
    expect(changed({ samplesChangedOutside: 1234, psnrOutside: 58.7 })).toContain(
      '1,234 samples changed outside the covered area, by little: 58 dB.',
    );
  });

  test('of a report alone, without an area that there is none of', () => {
    const html = changed({ coveredAreas: [], samplesChangedOutside: 1234, psnrOutside: 58.7 });
    expect(html).toContain('1,234 samples of the images changed, by little: 58 dB.');
    expect(html).not.toContain('covered area');
    expect(html).toContain('Report hidden in 3 images');
  });

  test('it says whose key opens it', () => {
    expect(changed({})).toContain('It opens with the passphrase, which is not kept here.');
    const html = changed({
      opensFor: { recipients: ['Tumour board', 'age1qqqsyqcyq5rq…'], recovery: ['Archive'] },
    });
    expect(html).toContain(
      'It opens with the secret key of: Tumour board, age1qqqsyqcyq5rq…. For recovery: Archive.',
    );
  });

  test('of a scrambled picture, that it is', () => {
    const html = changed({ scrambled: true, samplesChangedOutside: 65000, psnrOutside: 5 });
    expect(html).toContain('Scrambled: all other pixels of the protected images are noise.');
    expect(html).not.toContain('samples');
  });

  test('of a multi-frame object, only the frames that hide something count', () => {
    const oneOfMany = { ...protectedOutcome, images: 16, hidden: 1 };
    const html = render(ready({ series: protectedSeries }), {
      protectedSeries: new Map([['protected', oneOfMany]]),
    });
    expect(text(html)).toContain('1 of 16 images protected');
  });

  test('storing names patient, series and destination before it acts', () => {
    expect(text(views['confirm storing']!())).toContain(
      'Saves 3 files of “Axial”, Doe, Jane, to Archive, as a new series.',
    );
  });

  test('where the viewer cannot store, download is what is left', () => {
    const html = render(
      ready({ series: protectedSeries }),
      { protectedSeries: new Map([['protected', protectedOutcome]]) },
      (viewer) => {
        viewer.where = undefined;
      },
    );
    expect(text(html)).toContain('This data source does not store. Download the files instead.');
    expect(text(html)).not.toContain('Save to PACS');
  });

  test('a restored report is shown in any language, from its own side', () => {
    expect(views.restored!()).toMatch(/<textarea[^>]* dir="auto"[^>]*>Befund: kein Nachweis. 所見なし。</);
  });

  test('beside the restored series, its maker still has the protected one on offer, and nothing in clear', () => {
    const html = text(
      render(ready({ series: protectedSeries }), {
        protectedSeries: new Map([['protected', protectedOutcome]]),
        restoredSeries: new Map([['protected', restoredOutcome]]),
      }),
    );
    expect(html).toContain('Send it on');
    expect(html).toContain('Restored beside it, in clear. Show it');
    expect(html).not.toContain('Restore it here');
    expect(html).not.toContain('Download in clear');
  });

  test('what is restored says on its buttons that it is in clear', () => {
    expect(text(views.restored!())).toContain('Download in clear');
    expect(text(views.restored!())).toContain('Save in clear…');
    expect(text(views.restored!())).not.toContain('Send it on');
  });

  test('a protected series from elsewhere is sent on from where it is opened', () => {
    for (const view of ['restore', 'lost'])
      expect(text(views[view]!())).toMatch(/Send the protected series on Download \.zip PNG/);
    expect(text(views.restore!())).not.toMatch(/Save to PACS|memory|Back/);
    const restored = { restoredSeries: new Map([['protected', restoredOutcome]]) };
    const html = render(ready({ series: protectedSeries }), restored);
    // Export goes to the protected one.
    expect(/<button[^>]*data-kap-focus="[^"]*export[^>]*>([^<]*)/.exec(html)![1]).toBe('Download .zip');
  });

  test('one that only this memory holds is saved to the archive, too', () => {
    const dropped = ready({ series: { ...protectedSeries, inMemory: true } });
    expect(text(render(dropped))).toContain('Send the protected series on Save to PACS Download .zip PNG');
    expect(text(render(dropped, { confirmingStore: 'protected' }))).toContain(
      'Saves 3 files of “Axial”, Doe, Jane, to Archive, as a new series.',
    );
    const stored = (likeness: Likeness) => ({
      storedFiles: new Map([['protected', new Map(files.map(({ id }) => [id, likeness]))]]),
    });
    expect(text(render(dropped, stored('same')))).toContain('Saved to Archive, read back and equal.');
    expect(text(render(dropped, stored('attributes changed')))).toContain('keeps other attributes');
  });

  test('where a protected series is, is told, until the archive holds it', () => {
    const dropped = ready({ series: { ...protectedSeries, inMemory: true } });
    const downloadedSeries = new Set(['protected']);
    const storedFiles = new Map([['protected', new Map(files.map(({ id }) => [id, 'same' as const]))]]);
    expect(text(render(dropped))).toContain('Only in this viewer’s memory until you save or download it.');
    expect(text(render(dropped, { downloadedSeries: new Set(['another']) }))).toContain(
      'Only in this viewer',
    );
    expect(text(render(dropped, { downloadedSeries }))).toContain(
      'Downloaded. This viewer forgets its own copy when the study is closed.',
    );
    expect(text(render(dropped, { downloadedSeries }))).not.toContain('Only in this viewer');
    expect(text(render(dropped, { downloadedSeries, storedFiles }))).not.toContain('Downloaded.');
  });

  test('from restoring what was made here there is a way back', () => {
    const html = render(ready({ series: protectedSeries }), {
      protectedSeries: new Map([['protected', protectedOutcome]]),
      askedToRestore: { seriesId: 'protected', notice: '' },
    });
    expect(text(html)).toContain('This series is protected');
    expect(text(html)).toContain('Back');
  });

  test('while it is downloaded, how far that is stands beside the ways on', () => {
    const html = render(ready({ series: protectedSeries }), {
      protectedSeries: new Map([['protected', protectedOutcome]]),
      task: {
        kind: 'download',
        done: 1,
        total: 3,
        secondsLeft: undefined,
        cancelling: false,
        subject: '“Axial”',
      },
    });
    expect(text(html)).toMatch(/Download \.zip .*Reading file 2 of 3 .*Cancel/);
  });

  test('missing and changed files are told', () => {
    const html = render(ready({ series: protectedSeries }), {
      restoredSeries: new Map([
        [
          'protected',
          {
            ...restoredOutcome,
            images: 2,
            files: 2,
            identicalFiles: 1,
            repaired: [1],
            filesProtected: 5,
            findings: { missing: 3, duplicate: [2], foreign: [3, 4], outOfPlace: [5] },
          },
        ],
      ]),
    });
    expect(text(html)).toContain('1 of 2 files had attributes changed on the way; those changes are kept.');
    expect(text(html)).toContain('Image 2 is there twice.');
    expect(text(html)).toContain('Images 3, 4 were protected at another time than the rest.');
    expect(text(html)).toContain('Image 5 stands elsewhere than when they were protected.');
    expect(text(html)).toContain('2 of the 5 files protected together are here.');
    expect(text(html)).toContain(
      'Image 1: the QR had been damaged on the way, and what it hides was repaired.',
    );
  });

  test('what was altered is never called restored bit for bit, and is not stored', () => {
    const html = text(views.altered!());
    expect(html).toContain('Key area restored; the rest was altered');
    expect(html).toContain('2 of 64 blocks differ from what was protected, on image 2.');
    expect(html).not.toContain('bit for bit');
    expect(html).not.toContain('Save in clear…');
    expect(html).toContain('What is shown is not the original, and not for diagnosis.');
    expect(html).not.toContain('a restored one is the original');
    expect(text(views.restored!())).toContain('a restored one is the original');
    expect(views.altered!().match(/class="kap-altered"/g)).toHaveLength(2);
    const meaningChanged = ['Pixel Spacing (0028,0030)'];
    const meant = { ...restoredOutcome, isExact: false, meaningChanged, meaningChangedOn: [1] };
    const series = seriesOf(files, { id: 'restored', kind: 'altered' });
    const told = text(render(ready({ series }), { restoredSeries: new Map([['protected', meant]]) }));
    expect(told).toContain('Key area restored; the rest was altered');
    expect(told).toContain('were changed on the way: Pixel Spacing (0028,0030).');
    expect(told).not.toContain('affected');
    expect(told).not.toContain('bit for bit');
  });

  test.each([
    [[2], 'Image 2 is affected.'],
    [[1, 3], 'Images 1, 3 are affected.'],
    [[1, 2, 3, 4, 5, 6, 7, 9], 'Images 1, 2, 3, 4, 5, 6 and 2 more are affected.'],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9], 'All 9 images are affected.'],
  ])('of a series, it says on which images attributes were changed: %j', (meaningChangedOn, words) => {
    const outcome = {
      ...restoredOutcome,
      images: 9,
      isExact: false,
      meaningChanged: ['Rescale Slope (0028,1053)'],
    };
    const restoredSeries = new Map([['protected', { ...outcome, meaningChangedOn }]]);
    const series = seriesOf(files, { id: 'restored', kind: 'altered' });
    expect(text(render(ready({ series }), { restoredSeries }))).toContain(words);
  });

  test('storing the restored series says that the area is in clear then', () => {
    expect(text(views['confirm storing in clear']!())).toContain(
      'Saves 1 file of “Axial”, Doe, Jane, to Archive, as the original: the area is then in clear there, for everyone who can open it.',
    );
  });

  test('an original that is in the viewer already is shown instead of stored again', () => {
    const html = render(
      ready({ series: seriesOf(files, { id: 'restored', kind: 'restored' }) }),
      { restoredSeries: new Map([['protected', restoredOutcome]]) },
      (viewer) => viewer.listed.set('1.2.3', 'original'),
    );
    expect(text(html)).toContain('The original series is in this viewer already. Show it');
    expect(text(html)).not.toContain('Save in clear…');
  });

  test('a passphrase is asked for only where one can open it', () => {
    expect(views['restore with an identity']!()).not.toContain('type="password"');
    expect(text(views['restore with an identity']!())).toContain('Choose identity file…');
    expect(text(views['restore with either']!())).toContain('Use identity file');
    expect(text(views.restore!())).toContain('Use identity file');
  });

  test('a typed passphrase is not in the markup', () => {
    const html = render(ready({ series: protectedSeries }), {
      restoring: { ...NOTHING_TYPED, passphrase: 'orchid lantern' },
    });
    expect(html).toContain('type="password"');
    expect(html).not.toContain('orchid');
  });

  test('where the key area is lost, the report is offered', () => {
    expect(text(views.lost!())).toContain('Read the report');
    expect(text(views['report read from the QR']!())).toContain('It says nothing about the pixels.');
  });

  test('errors are announced beside their control, which points to them', () => {
    const html = render(ready({ series: protectedSeries }), {
      message: { place: 'key', ...(errorTexts['wrong-key'] as { title: string; text: string }) },
    });
    const id = /role="alert" id="([^"]+)"/.exec(html)?.[1];
    expect(html).toContain(`aria-invalid="true" aria-describedby="${id}"`);
  });
});
