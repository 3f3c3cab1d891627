import type { Annotation, CornerstoneTools } from './host';
import { KEY_AREA_TOOL } from './keyAreaTool';

/** Cornerstone's own rectangle, which radiologists measure with. */
export const MEASURING_TOOL = 'RectangleROI';

/** The measured rectangles on an image, in the order drawn. */
export const measuredRectangles = (tools: CornerstoneTools, imageId: string): Annotation[] =>
  tools.annotation.state
    .getAllAnnotations()
    .filter(({ metadata }) => metadata.toolName === MEASURING_TOOL && metadata.referencedImageId === imageId);

/**
 * Makes a measured rectangle a key area. The measurement goes, from the viewer's list too: mean and
 * maximum of hidden pixels must not stay beside the picture. False where there is no such rectangle on
 * an original image.
 */
export function adoptRectangle(id: string, tools: CornerstoneTools): boolean {
  const { state } = tools.annotation;
  const measured = state.getAllAnnotations().find(({ annotationUID }) => annotationUID === id);
  if (measured?.metadata.toolName !== MEASURING_TOOL || measured.metadata.referencedImageId === undefined) {
    return false;
  }
  const points = measured.data.handles.points.map((point) => [...point] as const);
  state.addAnnotation({
    annotationUID: crypto.randomUUID(),
    highlighted: false,
    invalidated: false,
    metadata: { ...measured.metadata, toolName: KEY_AREA_TOOL },
    data: {
      label: '',
      handles: { ...measured.data.handles, points, activeHandleIndex: null },
      cachedStats: {},
    },
  });
  // Not through OHIF's measurement service: that would keep it, statistics included, for Undo.
  state.removeAnnotation(id);
  return true;
}
