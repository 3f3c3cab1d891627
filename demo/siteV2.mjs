/**
 * What a site with OHIF v2 writes itself: the page that loads the viewer and this extension, and the
 * viewer's configuration. The page is the viewer's own without what it fetches from elsewhere.
 *
 * @param {{ extensionPath: string, dicomWebPath: string }} options absolute paths
 * @returns {Record<string, { contentType: string, text: string }>} by path
 */
export function siteV2({ extensionPath, dicomWebPath }) {
  const configuration = {
    routerBasename: '/',
    extensions: [],
    showStudyList: true,
    disableServersCache: true,
    studyPrefetcher: { enabled: false },
    hotkeys: [
      { commandName: 'rotateViewportCW', label: 'Rotate Right', keys: ['r'] },
      { commandName: 'rotateViewportCCW', label: 'Rotate Left', keys: ['l'] },
      { commandName: 'invertViewport', label: 'Invert', keys: ['i'] },
      { commandName: 'flipViewportVertical', label: 'Flip Horizontally', keys: ['h'] },
      { commandName: 'flipViewportHorizontal', label: 'Flip Vertically', keys: ['v'] },
      { commandName: 'resetViewport', label: 'Reset', keys: ['space'] },
      { commandName: 'nextImage', label: 'Next Image', keys: ['down'] },
      { commandName: 'previousImage', label: 'Previous Image', keys: ['up'] },
    ],
    servers: {
      dicomWeb: [
        {
          name: 'DICOMweb',
          qidoSupportsIncludeField: false,
          imageRendering: 'wadors',
          thumbnailRendering: 'wadors',
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: false,
        },
      ],
    },
  };
  const configurationScript = `window.config = ${JSON.stringify(configuration, null, 2)};

const dicomWeb = window.location.origin + ${JSON.stringify(dicomWebPath)};
Object.assign(window.config.servers.dicomWeb[0], {
  wadoUriRoot: dicomWeb,
  qidoRoot: dicomWeb,
  wadoRoot: dicomWeb,
});
`;
  const page = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>OHIF v2 with Key Area Protection</title>
<div id="root"></div>
<script src="/app-config.js"></script>
<script src="/index.umd.js"></script>
<script src="${extensionPath}/ohif2.umd.js"></script>
<script>window.config.extensions.push(window.keyAreaProtection); OHIFViewer.installViewer(window.config, 'root');</script>
</html>
`;
  return {
    '/app-config.js': { contentType: 'text/javascript; charset=utf-8', text: configurationScript },
    '/index.html': { contentType: 'text/html; charset=utf-8', text: page },
  };
}
