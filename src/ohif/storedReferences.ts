import type { AddedSeries } from './addedSeries';
import type { ExtensionManager } from './host';
import { activeDataSource } from './libraries';

/**
 * What the viewer stores of its own, reports and segmentations, refers to the images it was made on.
 * Restored images are displayed under identifiers that no archive knows; in what is stored they are
 * replaced by the originals', since the restored images are the originals. Other images that are displayed
 * under such identifiers are not what is filed under their own, so it is refused.
 *
 * Returns the way to stop it.
 */
export function mapStoredReferences(extensionManager: ExtensionManager, added: AddedSeries): () => void {
  const { store } = activeDataSource(extensionManager);
  if (store === undefined) return () => {};
  const { dicom } = store;
  store.dicom = (dataset, ...more) => {
    const uids = added.displayedUIDs();
    return uids.size === 0
      ? dicom.call(store, dataset, ...more)
      : dicom.call(store, ...([dataset, ...more].map((value) => mapped(value, uids)) as [unknown]));
  };
  return () => {
    store.dicom = dicom;
  };
}

type Displayed = ReturnType<AddedSeries['displayedUIDs']>;

/** A copy with the identifiers replaced; the value itself where it has none. */
function mapped(value: unknown, uids: Displayed): unknown {
  if (typeof value === 'string') return replaced(value, uids);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    refuseWritten(value, uids);
    return value;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => mapped(item, uids));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const changes = Object.entries(value)
    .map(([name, old]) => [name, old, mapped(old, uids)] as const)
    .filter(([, old, now]) => old !== now)
    .map(([name, , now]) => [name, now] as const);
  if (changes.length === 0) return value;
  const copy = Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
  return Object.assign(copy, Object.fromEntries(changes));
}

function replaced(text: string, uids: Displayed): string {
  const found = uids.get(text);
  if (found === undefined) return text;
  if (found.kind !== 'restored') throw new Error(REFUSALS[found.kind]);
  return found.uid;
}

/** Bytes that are written already cannot be mapped. */
function refuseWritten(value: ArrayBuffer | ArrayBufferView, uids: Displayed): void {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  const text = new TextDecoder('latin1').decode(bytes);
  for (const [uid, { kind }] of uids) if (text.includes(uid)) throw new Error(REFUSALS_WRITTEN[kind]);
}

/** Why what was made on images of each kind is not stored. */
const REFUSALS = {
  altered:
    'This was made on images that were altered since they were protected. It is not stored: it would be filed with the original.',
  protected:
    'This was made on a file that was opened here; another is listed under its identifiers. It is not stored: it would be filed with that one.',
};
const REFUSALS_WRITTEN = {
  ...REFUSALS,
  restored:
    'This refers to restored images in memory, under identifiers that no archive knows. Save the restored series first, then open it from there.',
};
