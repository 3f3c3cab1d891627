import type {
  Cornerstone,
  CornerstoneExports,
  CornerstoneTools,
  DataSource,
  DicomLoaderService,
  ExtensionManager,
} from './host';

export interface Libraries {
  readonly cornerstone: Cornerstone;
  readonly cornerstoneTools: CornerstoneTools;
  readonly dicomLoaderService: DicomLoaderService;
}

/**
 * OHIF's own Cornerstone3D. It holds the viewer's images and annotations, so a copy of ours would see
 * none of them.
 */
export function cornerstoneLibraries(extensionManager: ExtensionManager): Libraries {
  const entry = extensionManager.getModuleEntry('@ohif/extension-cornerstone.utilityModule.common') as
    | { exports: CornerstoneExports }
    | undefined;
  if (entry === undefined) {
    throw new Error(
      'Key Area Protection needs @ohif/extension-cornerstone, which this viewer does not have.',
    );
  }
  const { dicomLoaderService } = entry.exports;
  return { ...entry.exports.getCornerstoneLibraries(), dicomLoaderService };
}

/** The data source of the study on display. */
export function activeDataSource(extensionManager: ExtensionManager): DataSource {
  const source = extensionManager.getActiveDataSource()?.[0];
  if (source === undefined) throw new Error('The viewer has no data source.');
  return source;
}
