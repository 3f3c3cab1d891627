import { coalesce } from '../hosts/coalesce';
import type { Store } from './host';
import { NEW_IMAGE, RENDERED } from './viewports';

/**
 * cornerstone-core and cornerstone-tools dispatch these on a viewport's element, without bubbling: they
 * are heard on the way down. A viewport is drawn anew where its window or how it is turned changes.
 */
const ELEMENT_EVENTS = [
  NEW_IMAGE,
  RENDERED,
  'cornerstonetoolsmeasurementadded',
  'cornerstonetoolsmeasurementmodified',
  'cornerstonetoolsmeasurementcompleted',
  'cornerstonetoolsmeasurementremoved',
];

/**
 * Calls `listener` after the displayed series, image or window, a key area or the measurements have
 * changed: once for changes that come together. Returns the way to stop it.
 */
export function watchViewer(listener: () => void, store: Store): () => void {
  const { changed, stop } = coalesce(listener);
  const unsubscribe = store.subscribe(changed);
  for (const event of ELEMENT_EVENTS) document.addEventListener(event, changed, { capture: true });
  return () => {
    stop();
    unsubscribe();
    for (const event of ELEMENT_EVENTS) document.removeEventListener(event, changed, { capture: true });
  };
}
