import type { ViewerPort } from '../viewer/port';
import type { KeyAreaService } from '../viewer/service';
import { PanelContext } from './context';
import { ExportController } from './exportController';
import { FilesController } from './filesController';
import { ProtectController } from './protect/protectController';
import { RestoreController } from './restore/restoreController';
import type { PanelSettings } from './settings';
import type { PanelState, Place } from './state';
import type { Store } from './store';

/** What the panel does, for one open study; each of its sides has a controller of its own. */
export class PanelController {
  readonly protect: ProtectController;
  readonly restore: RestoreController;
  readonly export: ExportController;
  readonly files: FilesController;
  readonly #context: PanelContext;

  constructor(port: ViewerPort, service: KeyAreaService, settings: PanelSettings) {
    this.#context = new PanelContext(port, service, settings);
    this.restore = new RestoreController(this.#context);
    this.protect = new ProtectController(this.#context, this.restore);
    this.export = new ExportController(this.#context);
    this.files = new FilesController(this.#context, this.restore);
  }

  get state(): Store<PanelState> {
    return this.#context.state;
  }

  get port(): ViewerPort {
    return this.#context.port;
  }

  get settings(): PanelSettings {
    return this.#context.settings;
  }

  /** Shows passphrases as typed, or as dots. */
  reveal(revealed: boolean): void {
    this.state.update({ revealed });
  }

  /** Moves the keyboard focus to a part of the panel. */
  focus(place: Place | 'result'): void {
    this.#context.focus(place);
  }

  /** Cancels the task under way. */
  cancel(): void {
    this.#context.cancel();
  }

  /** Forgets all that was typed and restored. */
  dispose(): void {
    this.protect.dispose();
    this.#context.dispose();
  }
}
