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
 * Makes a measured rectangle on an image a key area. The measurement goes, from the viewer's list too: mean
 * and maximum of hidden pixels must not stay beside the picture. False where the image has no such rectangle;
 * whether it takes key areas is for the caller to know.
 */
export function adoptRectangle(id: string, tools: CornerstoneTools, imageId: string): boolean {
  const { state } = tools.annotation;
  const measured = measuredRectangles(tools, imageId).find(({ annotationUID }) => annotationUID === id);
  if (measured === undefined) return false;
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
