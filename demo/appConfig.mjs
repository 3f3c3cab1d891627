/**
 * What a site with OHIF v3 writes itself.
 *
 * @param {{ extensionPath: string, dicomWebPath: string }} paths
 * @returns {Record<string, { contentType: string, text: string }>} by path
 */
export const siteV3 = (paths) => ({
  '/app-config.js': { contentType: 'text/javascript; charset=utf-8', text: appConfigScript(paths) },
});

/**
 * The demo's `app-config.js`: the stock viewer with this extension and its mode loaded at runtime, the
 * demo's DICOMweb service, and files dropped at `/local`.
 *
 * @param {{ extensionPath: string, dicomWebPath: string }} options absolute paths
 */
export function appConfigScript({ extensionPath, dicomWebPath }) {
  const config = {
    name: 'key-area-protection-demo',
    routerBasename: null,
    extensions: [`${extensionPath}/key-area-protection.js`],
    modes: [`${extensionPath}/key-area-protection-mode.js`],
    customizationService: {},
    showStudyList: true,
    maxNumberOfWebWorkers: 2,
    showWarningMessageForCrossOrigin: true,
    showCPUFallbackMessage: false,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    groupEnabledModesFirst: true,
    investigationalUseDialog: { option: 'never' },
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    defaultDataSourceName: 'dicomweb',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'dicomweb',
        configuration: {
          friendlyName: 'DICOMweb',
          name: 'dicomweb',
          qidoSupportsIncludeField: false,
          imageRendering: 'wadors',
          thumbnailRendering: 'wadors',
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: false,
          supportsWildcard: true,
          dicomUploadEnabled: true,
          omitQuotationForMultipartRequest: true,
          bulkDataURI: { enabled: true },
        },
      },
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomlocal',
        sourceName: 'dicomlocal',
        configuration: { friendlyName: 'Files of this computer' },
      },
    ],
  };
  return `window.config = ${JSON.stringify(config, null, 2)};

const dicomWeb = window.location.origin + ${JSON.stringify(dicomWebPath)};
Object.assign(window.config.dataSources[0].configuration, {
  wadoUriRoot: dicomWeb,
  qidoRoot: dicomWeb,
  wadoRoot: dicomWeb,
});
`;
}
