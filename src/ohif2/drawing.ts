import type { CornerstoneTools, RectangleData } from './host';
import { KEY_AREA_TOOL } from './keyAreaTool';

/** What the left mouse button does where nothing else is known: the viewer's own choice. */
const USUAL_TOOL = 'Wwwc';
const LEFT_BUTTON = 1;
const COMPLETED = 'cornerstonetoolsmeasurementcompleted';

/**
 * The key area tool, put down again after one key area: the next drag is meant for the window or the
 * picture, and a second key area that nobody wanted would hide more than was asked for.
 */
export class Drawing {
  readonly #tools: CornerstoneTools;
  #before = USUAL_TOOL;

  constructor(tools: CornerstoneTools) {
    this.#tools = tools;
    document.addEventListener(COMPLETED, this.#finish, { capture: true });
  }

  /** Makes the key area tool the active one. */
  start(): void {
    const active = this.#tools.store.state.tools.find(
      ({ mode, options }) => mode === 'active' && [options.mouseButtonMask].flat().includes(LEFT_BUTTON),
    );
    if (active?.name !== KEY_AREA_TOOL) this.#before = active?.name ?? USUAL_TOOL;
    this.#activate(KEY_AREA_TOOL);
  }

  release(): void {
    document.removeEventListener(COMPLETED, this.#finish, { capture: true });
  }

  readonly #finish = (event: Event): void => {
    const { toolName } = (event as CustomEvent<{ toolName: string; measurementData: RectangleData }>).detail;
    if (toolName !== KEY_AREA_TOOL) return;
    // The tool still ends its own work after this event.
    setTimeout(() => this.#activate(this.#before));
  };

  #activate(name: string): void {
    this.#tools.setToolActive(name, { mouseButtonMask: LEFT_BUTTON });
  }
}
