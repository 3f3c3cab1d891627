import type { DrawnKeyArea } from '../viewer/port';
import type { Annotation, CornerstoneViewport, Services } from './host';
import type { DisplayedImage } from './images';
import { keyAreaAnnotations } from './keyAreaTool';
import type { Libraries } from './libraries';
import { type ImagePoint, touchedPixels } from './rectangle';

type Shape = ReturnType<typeof touchedPixels>;

/**
 * Turns drawn annotations into pixels. Cornerstone knows where a point of the world lies in an image
 * only while a viewport displays that image, which it does when the annotation is drawn or moved; the
 * result is kept for when the user scrolls on.
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
      const shape = image && this.#shapeOf(annotation, image);
      if (image === undefined || shape === undefined) continue;
      const { instance: _, ...plain } = image;
      const common = { id: annotation.annotationUID, image: plain };
      areas.push(typeof shape === 'string' ? { ...common, problem: shape } : { ...common, rectangle: shape });
    }
    return areas;
  }

  remove(id: string): void {
    this.#libraries.cornerstoneTools.annotation.state.removeAnnotation(id);
    this.#shapes.delete(id);
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

  #shapeOf(annotation: Annotation, image: DisplayedImage): Shape | undefined {
    const { annotationUID, data } = annotation;
    const points = JSON.stringify(data.handles.points);
    const known = this.#shapes.get(annotationUID);
    if (known?.points === points) return known.shape;
    const displayed = this.#viewports().find(
      (viewport) => viewport.type === 'stack' && viewport.getCurrentImageId() === image.id,
    );
    const imageData = displayed?.getImageData()?.imageData;
    if (imageData === undefined) return undefined;
    const corners = data.handles.points.map((point): ImagePoint => {
      const [x, y] = Array.from(imageData.worldToIndex(point));
      return [x, y];
    });
    const shape = touchedPixels(corners, image);
    this.#shapes.set(annotationUID, { points, shape });
    return shape;
  }

  #viewports(): CornerstoneViewport[] {
    return this.#services.cornerstoneViewportService.getRenderingEngine()?.getViewports() ?? [];
  }
}
