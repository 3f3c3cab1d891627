import { demoOfFolder, field, screenshot, waitForView } from './harness';
import { drawKeyArea, openPanel, waitForImage } from './harnessV2';
import { type Sought, searchMemory } from './memory';
import {
  IMAGE_BYTES,
  PASSPHRASE,
  READING,
  REPORT,
  SECRET_WORDS,
  type SecretImage,
  typeSecrets,
  writeOtherStudy,
  writeProtected,
} from './secretStudy';
import { expectNoTraces, expectNothingLeft, type Overheard, overhear, typeInto } from './traces';

/** Where passphrases, reports and restored pixels must not be in OHIF v2, while a study is open and after. */

let image: SecretImage;
/** The study of the image that is protected in the viewer; nothing that is restored is in it. */
let otherStudyUID: string;

const running = demoOfFolder(
  async (folder) => {
    image = await writeProtected(folder, '08', { passphrase: PASSPHRASE });
    otherStudyUID = await writeOtherStudy(folder, image.studyUID);
  },
  '--viewer',
  'v2',
);

const sought = (): Sought => ({ texts: SECRET_WORDS, bytes: { pixels: image.pixels } });

/** The viewer's settings are among what is looked through. */
const sure = () => ['keyAreaProtection', image.studyUID.slice(0, -1)];

const open = (study: string): Promise<Overheard> =>
  overhear(running.browser, `${running.demo.origin}/viewer/${study}`);

/** Back to the list of studies, inside the viewer: no page is loaded. */
async function leave({ page }: Overheard): Promise<void> {
  await page.locator('.header-studyListLinkSection').click();
  await page.waitForURL((url) => !url.pathname.includes('/viewer'));
  await page.waitForFunction(() => document.querySelector('.kap-panel') === null);
}

test(
  'once an image is protected, neither passphrase nor report is left in the page or its workers',
  async () => {
    const opened = await open(otherStudyUID);
    const { page, faults } = opened;
    await waitForImage(page, otherStudyUID);
    await openPanel(page);
    await waitForView(page, 'draw');
    await drawKeyArea(page, { x: 100, y: 110 }, { x: 150, y: 150 });
    await waitForView(page, 'protect');
    await typeSecrets(page);
    await expectNoTraces(opened, sought(), sure());
    await page.locator('[data-cy=kap-protect]').click();
    await waitForView(page, 'protected');
    await waitForImage(page, 'blob:');
    await expectNoTraces(opened, sought(), sure());
    // With the study still open.
    expect((await searchMemory(page, sought())).found).toEqual([]);
    expect(faults).toEqual([]);
    await leave(opened);
    await expectNothingLeft(opened, sought(), sure(), IMAGE_BYTES);
    await page.close();
  },
  READING,
);

test(
  'what was restored is in memory while the study is open, its key is not; nothing is once it is closed',
  async () => {
    const opened = await open(image.studyUID);
    const { page, faults } = opened;
    await waitForImage(page, image.seriesUID);
    await openPanel(page);
    await waitForView(page, 'restore');
    await typeInto(page, 'Passphrase', PASSPHRASE);
    await page.keyboard.press('Enter');
    await waitForView(page, 'restored');
    await waitForImage(page, 'blob:');
    expect(await field(page, 'Report').inputValue()).toBe(REPORT);
    await expectNoTraces(opened, sought(), sure());
    const { found } = await searchMemory(page, sought());
    // The same search finds what may be there, and no key.
    expect([...new Set(found.map(({ name }) => name))].sort()).toEqual(['pixels', 'report']);
    expect(faults).toEqual([]);
    await screenshot(page, 'ohif2-secrets-restored');
    await leave(opened);
    await expectNothingLeft(opened, sought(), sure(), IMAGE_BYTES);
    await page.close();
  },
  READING,
);
