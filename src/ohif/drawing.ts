import type { Annotation, CommandsManager, Services } from './host';
import { KEY_AREA_TOOL } from './keyAreaTool';
import type { Libraries } from './libraries';

/** What the left mouse button does where nothing else is known: OHIF's own choice. */
const USUAL_TOOL = 'WindowLevel';

/**
 * The key area tool, put down again after one key area: the next drag is meant for the window or the
 * picture, and a second key area that nobody wanted would hide more than was asked for.
 */
export class Drawing {
  readonly #services: Services;
  readonly #libraries: Libraries;
  readonly #commandsManager: CommandsManager;
  #before: string | undefined;

  constructor(services: Services, libraries: Libraries, commandsManager: CommandsManager) {
    this.#services = services;
    this.#libraries = libraries;
    this.#commandsManager = commandsManager;
    libraries.cornerstone.eventTarget.addEventListener(this.#completed, this.#finish);
  }

  /** Makes the key area tool the active one. */
  start(): void {
    const viewportId = this.#services.viewportGridService.getActiveViewportId();
    const group = viewportId
      ? this.#services.toolGroupService.getToolGroupForViewport(viewportId)
      : undefined;
    const active = group?.getActivePrimaryMouseButtonTool() || USUAL_TOOL;
    if (active !== KEY_AREA_TOOL) this.#before = active;
    this.#activate(KEY_AREA_TOOL);
  }

  release(): void {
    this.#libraries.cornerstone.eventTarget.removeEventListener(this.#completed, this.#finish);
  }

  get #completed(): string {
    return this.#libraries.cornerstoneTools.Enums.Events.ANNOTATION_COMPLETED;
  }

  readonly #finish = (event: Event): void => {
    const { annotation } = (event as CustomEvent<{ annotation?: Annotation }>).detail ?? {};
    if (annotation?.metadata.toolName !== KEY_AREA_TOOL) return;
    // The tool still ends its own work after this event.
    setTimeout(() => this.#activate(this.#before ?? USUAL_TOOL));
  };

  #activate(toolName: string): void {
    this.#commandsManager.run({ commandName: 'setToolActiveToolbar', commandOptions: { toolName } });
    this.#services.toolbarService.refreshToolbarState({
      viewportId: this.#services.viewportGridService.getActiveViewportId(),
    });
  }
}
