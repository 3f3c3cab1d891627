import type {
  Annotation,
  AnnotationToolClass,
  CornerstoneTools,
  MeasurementService,
  ToolGroupService,
} from './host';

/** The tool's name in Cornerstone: a measurement with the stock rectangle is never a key area. */
export const KEY_AREA_TOOL = 'KeyArea';

/** Distinct from measurements (yellow, green) on any picture. */
const STYLE = {
  color: 'rgb(90, 204, 230)',
  colorHighlighted: 'rgb(0, 229, 255)',
  colorSelected: 'rgb(90, 204, 230)',
  lineWidth: '2',
};

/**
 * Registers the key area tool: Cornerstone's rectangle, without the text of what lies in it, since mean
 * and maximum of hidden pixels must not stay beside the picture.
 */
export function registerKeyAreaTool(tools: CornerstoneTools, measurements: MeasurementService): void {
  const { RectangleROITool } = tools;
  class KeyAreaTool extends RectangleROITool {
    static override toolName = KEY_AREA_TOOL;

    constructor(toolProps: object = {}) {
      super(toolProps, {
        supportedInteractionTypes: ['Mouse', 'Touch'],
        configuration: {
          shadow: true,
          preventHandleOutsideImage: false,
          storePointData: false,
          calculateStats: false,
          getTextLines: () => [],
        },
      });
    }
  }
  tools.addTool(KeyAreaTool as AnnotationToolClass);
  const { style } = tools.annotation.config;
  style.setDefaultToolStyles({ ...style.getDefaultToolStyles(), [KEY_AREA_TOOL]: STYLE });
  // Without a mapping OHIF would list every key area as a measurement that it does not understand.
  const source = measurements.createSource('Cornerstone3DTools', '0.1');
  const nothing = () => null;
  measurements.addMapping(source, KEY_AREA_TOOL, [], nothing, nothing);
}

/** Volume renderings have no pixels to draw on. */
const WITHOUT_PIXELS = 'volume3d';

/**
 * Puts the tool into every tool group, now and later: modes make their groups after the extensions were
 * told of the mode. Returns the way to stop it.
 */
export function offerKeyAreaTool(toolGroups: ToolGroupService): () => void {
  const offer = (id: string) => {
    const group = id === WITHOUT_PIXELS ? undefined : toolGroups.getToolGroup(id);
    if (group === undefined || group.hasTool(KEY_AREA_TOOL)) return;
    group.addTool(KEY_AREA_TOOL);
    group.setToolPassive(KEY_AREA_TOOL);
  };
  for (const id of toolGroups.getToolGroupIds()) offer(id);
  const { unsubscribe } = toolGroups.subscribe(
    toolGroups.EVENTS.TOOLGROUP_CREATED,
    ({ toolGroupId }: { toolGroupId: string }) => offer(toolGroupId),
  );
  return unsubscribe;
}

/** The key areas drawn on any image, in the order drawn; not the first click of one. */
export const keyAreaAnnotations = (tools: CornerstoneTools): Annotation[] =>
  tools.annotation.state
    .getAllAnnotations()
    .filter(({ metadata }) => metadata.toolName === KEY_AREA_TOOL && metadata.referencedImageId !== undefined)
    .filter(({ data }) =>
      data.handles.points.some((point) =>
        point.some((value, axis) => value !== data.handles.points[0][axis]),
      ),
    );
