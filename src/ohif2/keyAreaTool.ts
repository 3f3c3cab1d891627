import type { CornerstoneTools, RectangleTool, RectangleToolClass } from './host';

/** The tool's name in cornerstone-tools: a measurement with the stock rectangle is never a key area. */
export const KEY_AREA_TOOL = 'KeyArea';

/** cornerstone-tools' own rectangle, which radiologists measure with. */
export const MEASURING_TOOL = 'RectangleRoi';

/** Distinct from measurements (yellow, green) on any picture. */
const COLOUR = 'rgb(90, 204, 230)';

/**
 * Registers the key area tool: cornerstone-tools' rectangle, without the text of what lies in it, since
 * mean and maximum of hidden pixels must not stay beside the picture.
 */
export function registerKeyAreaTool(tools: CornerstoneTools): void {
  const draw = tools.import('drawing/draw');
  const getNewContext = tools.import('drawing/getNewContext');
  const drawRect = tools.import('drawing/drawRect');
  const drawHandles = tools.import('drawing/drawHandles');

  class KeyAreaTool extends tools.RectangleRoiTool {
    constructor(properties: object = {}) {
      super({ ...properties, name: KEY_AREA_TOOL });
    }

    /** The stock tool works out statistics and writes them on the picture. */
    override renderToolData({ currentTarget, detail }: Parameters<RectangleTool['renderToolData']>[0]): void {
      const { data = [] } = tools.getToolState(currentTarget, this.name) ?? {};
      const { handleRadius } = this.configuration;
      draw(getNewContext(detail.canvasContext.canvas), (context) => {
        for (const { visible, active, handles } of data) {
          if (!visible) continue;
          const color = active ? 'white' : COLOUR;
          const { start, end, initialRotation } = handles;
          drawRect(context, detail.element, start, end, { color, lineWidth: 2 }, 'pixel', initialRotation);
          drawHandles(context, detail, handles, { color, handleRadius });
        }
      });
    }

    /** Asked for by the stock tool's mouse handling too. */
    updateCachedStats(): void {}
  }
  tools.addTool(KeyAreaTool as RectangleToolClass);
  tools.setToolPassive(KEY_AREA_TOOL);
}
