import type { Cornerstone, CornerstoneTools, Store, WadoImageLoader } from './host';

export interface Libraries {
  readonly cornerstone: Cornerstone;
  readonly cornerstoneTools: CornerstoneTools;
  readonly cornerstoneWADOImageLoader: WadoImageLoader;
  readonly store: Store;
}

/**
 * The viewer's own libraries and Redux store, which it leaves in the page's globals before it registers
 * extensions. They hold its images and annotations, so copies of ours would see none of them.
 */
export function viewerLibraries(): Libraries {
  const { cornerstone, cornerstoneTools, cornerstoneWADOImageLoader, store } =
    globalThis as unknown as Partial<Libraries>;
  if (!cornerstone || !cornerstoneTools || !cornerstoneWADOImageLoader || !store) {
    throw new Error('Key Area Protection for OHIF v2 does not find the libraries of OHIF v2 in this page.');
  }
  return { cornerstone, cornerstoneTools, cornerstoneWADOImageLoader, store };
}
