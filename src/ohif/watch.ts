import { coalesce } from '../hosts/coalesce';
import type { Publisher, Services } from './host';
import type { Libraries } from './libraries';

/** Cornerstone dispatches these on the viewport's element, without bubbling: they are heard on the way down. */
const ELEMENT_EVENTS = ['CORNERSTONE_STACK_NEW_IMAGE', 'CORNERSTONE_VOI_MODIFIED'];

/** Turned or flipped: a part of the camera that zooming and panning leave as it is. */
const CAMERA_EVENT = 'CORNERSTONE_CAMERA_MODIFIED';

const ANNOTATION_EVENTS = [
  'ANNOTATION_ADDED',
  'ANNOTATION_COMPLETED',
  'ANNOTATION_MODIFIED',
  'ANNOTATION_REMOVED',
];

/**
 * Calls `listener` after the displayed series, image or window, a key area or the measurements have
 * changed: once for changes that come together. Returns the way to stop it.
 */
export function watchViewer(listener: () => void, services: Services, libraries: Libraries): () => void {
  const { viewportGridService, displaySetService, cornerstoneViewportService, measurementService } = services;
  const { cornerstone, cornerstoneTools } = libraries;
  const { changed, stop } = coalesce(listener);

  const subscribed: [Publisher, string[]][] = [
    [viewportGridService, ['ACTIVE_VIEWPORT_ID_CHANGED', 'GRID_STATE_CHANGED', 'VIEWPORTS_READY']],
    [displaySetService, ['DISPLAY_SETS_ADDED', 'DISPLAY_SETS_REMOVED']],
    [cornerstoneViewportService, ['VIEWPORT_DATA_CHANGED']],
    [measurementService, ['MEASUREMENT_ADDED', 'MEASUREMENT_REMOVED', 'MEASUREMENTS_CLEARED']],
  ];
  const subscriptions = subscribed.flatMap(([publisher, events]) =>
    events
      .filter((event) => publisher.EVENTS[event] !== undefined)
      .map((event) => publisher.subscribe(publisher.EVENTS[event], changed)),
  );
  const annotationEvents = ANNOTATION_EVENTS.map((event) => cornerstoneTools.Enums.Events[event]);
  for (const event of annotationEvents) cornerstone.eventTarget.addEventListener(event, changed);
  for (const event of ELEMENT_EVENTS) document.addEventListener(event, changed, { capture: true });
  const turned = (event: Event) => {
    if (isTurn((event as CustomEvent<CameraDetail>).detail)) changed();
  };
  document.addEventListener(CAMERA_EVENT, turned, { capture: true });

  return () => {
    stop();
    for (const { unsubscribe } of subscriptions) unsubscribe();
    for (const event of annotationEvents) cornerstone.eventTarget.removeEventListener(event, changed);
    for (const event of ELEMENT_EVENTS) document.removeEventListener(event, changed, { capture: true });
    document.removeEventListener(CAMERA_EVENT, turned, { capture: true });
  };
}

type Camera = { readonly viewUp?: readonly number[]; readonly viewPlaneNormal?: readonly number[] };
type CameraDetail = { readonly previousCamera: Camera; readonly camera: Camera } | undefined;

/** True where the picture's up or the side that it is seen from has changed. */
function isTurn(detail: CameraDetail): boolean {
  if (detail === undefined) return false;
  const facing = ({ viewUp, viewPlaneNormal }: Camera) => [viewUp, viewPlaneNormal].join();
  return facing(detail.previousCamera) !== facing(detail.camera);
}
