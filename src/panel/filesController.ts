import type { PanelContext } from './context';
import { TitledError } from './failures';
import { type BroughtSeries, openFiles } from './files/openFiles';
import { isPhoto, readPhoto } from './files/readPhoto';
import type { RestoreController } from './restore/restoreController';
import { inputErrors } from './texts/errorTexts';
import { texts } from './texts/texts';

/** What the user brings along: protected files and archives, and pictures of a QR code. */
export class FilesController {
  readonly #context: PanelContext;
  readonly #restore: RestoreController;
  readonly #brought: BroughtSeries = new Map();

  constructor(context: PanelContext, restore: RestoreController) {
    this.#context = context;
    this.#restore = restore;
  }

  /** Takes files that were dropped or chosen, each for what it is. */
  async take(files: readonly File[]): Promise<void> {
    if (files.length === 0 || this.#context.busy) return;
    if (files.every(isPhoto)) await this.#readPicture(files[0]);
    else await this.#open(files);
  }

  /** Turns to reading a QR code from a picture, or away from it. */
  showPhoto(shown: boolean): void {
    const photo = shown ? { name: '', sealed: undefined, notice: '', report: undefined } : undefined;
    this.#context.state.update({ photo, message: undefined });
    this.#restore.edit({ passphrase: '', identity: undefined });
    if (shown) this.#context.focus('action');
  }

  /** Reads the report of the picture's QR code with what the user gave as key. */
  async readReport(): Promise<void> {
    const { state } = this.#context;
    const { photo } = state.get();
    if (photo?.sealed === undefined || this.#context.busy) return;
    const { sealed } = photo;
    const secret = this.#restore.secret();
    if (secret === undefined) return;
    await this.#context.run('read', 1, async (signal) => {
      const report = await this.#restore.openText(sealed, secret, signal);
      state.update({ photo: { ...photo, report } });
      this.#restore.edit({ passphrase: '', identity: undefined });
      return texts.finished.read;
    });
  }

  async #open(files: readonly File[]): Promise<void> {
    const { state, port, service, settings } = this.#context;
    await this.#context.run('open', files.length, async (signal, onProgress) => {
      const { series, skipped, truncated } = await openFiles(
        files,
        port,
        service,
        { largestFile: settings.largestFile, brought: this.#brought },
        signal,
        onProgress,
      );
      const before = state.get().openedSeries.filter(({ id }) => series.every((other) => other.id !== id));
      state.update({ photo: undefined, openedSeries: [...before, ...series] });
      await port.showSeries(series[0].id, 1);
      const left = texts.skipped(skipped, truncated);
      if (left !== '') port.notify({ title: texts.title, text: left, type: 'warning' });
      return texts.finished.open;
    });
    if (state.get().message === undefined) this.#context.focus('key');
  }

  /** Shows a series of files that were brought: the viewer lists none of a study that it was not opened with. */
  show(id: string): Promise<void> {
    return this.#context.attempt('action', () => this.#context.port.showSeries(id, 1));
  }

  async #readPicture(file: File): Promise<void> {
    const { state, service } = this.#context;
    this.showPhoto(true);
    await this.#context.run('scan', 1, async (signal) => {
      const found = await service.scan(await readPhoto(file), { signal });
      const best = found.find(({ sealed }) => sealed) ?? found[0];
      if (best === undefined) throw new TitledError(inputErrors.noQrTitle, inputErrors.noQr);
      const { text, sealed, notice } = best;
      state.update({
        photo: { name: file.name, sealed: sealed ? text : undefined, notice, report: undefined },
      });
      return texts.finished.scan;
    });
    if (state.get().photo?.sealed !== undefined) this.#context.focus('key');
  }
}
