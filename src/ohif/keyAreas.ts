import type { Rectangle } from '../engine/pixels/frame';
import { type ImagePoint, touchedPixels } from '../hosts/rectangle';
import type { DrawnKeyArea, KeyAreaProblem, ViewerImage } from '../viewer/port';
import type { Annotation, AnnotationMemoOptions, CornerstoneViewport, Point3, Services } from './host';
import { pointsIn } from './imagePlane';
import type { DisplayedImage } from './images';
import { KEY_AREA_TOOL, keyAreaAnnotations } from './keyAreaTool';
import type { Libraries } from './libraries';

type Shape = Rectangle | KeyAreaProblem;

/**
 * Turns drawn annotations into pixels. Cornerstone knows where a point of the world lies in an image
 * only while a viewport displays that image, which it does when the annotation is drawn or moved; the
 * result is kept for when the user scrolls on, or takes back that it was removed. An annotation that Undo
 * moves may be on another image: then the image's own attributes tell.
 */
export class KeyAreas {
  readonly #shapes = new Map<string, { readonly points: string; readonly shape: Shape }>();
  readonly #services: Services;
  readonly #libraries: Libraries;

  constructor(services: Services, libraries: Libraries) {
    this.#services = services;
    this.#libraries = libraries;
  }

  /** The key areas on these images, in the order drawn. */
  on(images: readonly DisplayedImage[]): DrawnKeyArea[] {
    const byId = new Map(images.map((image) => [image.id, image]));
    const areas: DrawnKeyArea[] = [];
    for (const annotation of keyAreaAnnotations(this.#libraries.cornerstoneTools)) {
      const image = byId.get(annotation.metadata.referencedImageId ?? '');
      if (image === undefined) continue;
      const shape = this.#shapeOf(annotation, image);
      const { instance: _, ...plain } = image;
      const common = { id: annotation.annotationUID, image: plain };
      areas.push(typeof shape === 'string' ? { ...common, problem: shape } : { ...common, rectangle: shape });
    }
    return areas;
  }

  /** Draws a key area on an image that a viewport displays, along the edges of its pixels. Returns its id. */
  add(rectangle: Rectangle, image: ViewerImage): string {
    const { viewport, imageData } = this.#displaying(image.id);
    const points = cornersOf(rectangle, imageData);
    const { viewPlaneNormal, viewUp } = viewport.getCamera();
    const annotationUID = crypto.randomUUID();
    const annotation: Annotation = {
      annotationUID,
      highlighted: false,
      invalidated: false,
      metadata: {
        toolName: KEY_AREA_TOOL,
        referencedImageId: image.id,
        FrameOfReferenceUID: viewport.getFrameOfReferenceUID(),
        viewPlaneNormal,
        viewUp,
      },
      data: { label: '', handles: { points, activeHandleIndex: null }, cachedStats: {} },
    };
    this.#libraries.cornerstoneTools.annotation.state.addAnnotation(annotation);
    this.#remember(annotation, { newAnnotation: true });
    this.redraw();
    return annotationUID;
  }

  /** Gives a key area on an image that a viewport displays another place and size. */
  change(id: string, rectangle: Rectangle): void {
    const { cornerstone, cornerstoneTools } = this.#libraries;
    const annotation = keyAreaAnnotations(cornerstoneTools).find(({ annotationUID }) => annotationUID === id);
    if (annotation === undefined) return;
    const { imageData } = this.#displaying(annotation.metadata.referencedImageId ?? '');
    this.#remember(annotation);
    annotation.data.handles.points = cornersOf(rectangle, imageData);
    // As Cornerstone's own tools tell it.
    const modified = new CustomEvent(cornerstoneTools.Enums.Events.ANNOTATION_MODIFIED, {
      detail: { annotation },
    });
    cornerstone.eventTarget.dispatchEvent(modified);
    this.redraw();
  }

  /** Removes key areas; one Undo brings all of them back. */
  remove(ids: readonly string[]): void {
    const { cornerstoneTools } = this.#libraries;
    cornerstoneTools.AnnotationTool.startGroupRecording();
    for (const annotation of keyAreaAnnotations(cornerstoneTools)) {
      const { annotationUID } = annotation;
      if (!ids.includes(annotationUID)) continue;
      this.#remember(annotation, { deleting: true });
      cornerstoneTools.annotation.state.removeAnnotation(annotationUID);
    }
    cornerstoneTools.AnnotationTool.endGroupRecording();
    this.redraw();
  }

  /** Cornerstone draws annotations anew only where the mouse changed them. */
  redraw(): void {
    const { utilities } = this.#libraries.cornerstoneTools;
    utilities.triggerAnnotationRenderForViewportIds(this.#viewports().map((viewport) => viewport.id));
  }

  /** Key areas belong to the study on display; they go when it is closed. */
  clear(): void {
    const { cornerstoneTools } = this.#libraries;
    for (const { annotationUID } of keyAreaAnnotations(cornerstoneTools)) {
      cornerstoneTools.annotation.state.removeAnnotation(annotationUID);
    }
    this.#shapes.clear();
  }

  /** Lets the viewer's Undo take back what happens to a key area. */
  #remember(annotation: Annotation, happens?: AnnotationMemoOptions): void {
    const imageId = annotation.metadata.referencedImageId ?? '';
    const viewport = this.#viewports().find(
      (each) => each.type === 'stack' && each.getImageIds().includes(imageId),
    );
    if (viewport === undefined) return;
    this.#libraries.cornerstoneTools.AnnotationTool.createAnnotationMemo(
      viewport.element,
      annotation,
      happens,
    );
  }

  #shapeOf({ annotationUID, data }: Annotation, image: DisplayedImage): Shape {
    const points = JSON.stringify(data.handles.points);
    const known = this.#shapes.get(annotationUID);
    if (known?.points === points) return known.shape;
    const imageData = this.#drawn(image.id);
    if (imageData === undefined) {
      const pointIn = pointsIn(image.id, this.#libraries.cornerstone);
      return pointIn ? touchedPixels(data.handles.points.map(pointIn), image) : 'undisplayed';
    }
    const corners = data.handles.points.map((point): ImagePoint => {
      const [x, y] = Array.from(imageData.worldToIndex(point));
      return [x, y];
    });
    const shape = touchedPixels(corners, image);
    this.#shapes.set(annotationUID, { points, shape });
    return shape;
  }

  /** Where an image lies, while a stack has drawn it: on the way there, the stack still has the image before. */
  #drawn(imageId: string): ImageData | undefined {
    const viewport = this.#viewportOf(imageId);
    const drawn = viewport?.getCornerstoneImage?.();
    return drawn === undefined || drawn.imageId === imageId ? viewport?.getImageData()?.imageData : undefined;
  }

  #displaying(imageId: string) {
    const viewport = this.#viewportOf(imageId);
    const imageData = viewport?.getImageData()?.imageData;
    if (viewport === undefined || imageData === undefined)
      throw new Error('The image is not displayed any more.');
    return { viewport, imageData };
  }

  /** The stack that displays an image. */
  #viewportOf(imageId: string): CornerstoneViewport | undefined {
    return this.#viewports().find(
      (viewport) => viewport.type === 'stack' && viewport.getCurrentImageId() === imageId,
    );
  }

  #viewports(): CornerstoneViewport[] {
    return this.#services.cornerstoneViewportService.getRenderingEngine()?.getViewports() ?? [];
  }
}

type ImageData = NonNullable<ReturnType<CornerstoneViewport['getImageData']>>['imageData'];

/** In Cornerstone's order: two opposite corners first and last. The centre of a pixel has whole numbers. */
function cornersOf({ x, y, width, height }: Rectangle, imageData: ImageData): Point3[] {
  const [left, top, right, bottom] = [x - 0.5, y - 0.5, x + width - 0.5, y + height - 0.5];
  const corners = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ];
  return corners.map((corner) => [...imageData.indexToWorld([...corner, 0])] as const);
}
