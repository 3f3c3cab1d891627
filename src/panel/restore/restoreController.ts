import { type ErrorCode, KeyAreaError } from '../../engine/errors';
import type { ViewerImage, ViewerSeries } from '../../viewer/port';
import { imageAt, positionOf } from '../../viewer/positions';
import type { Secret } from '../../viewer/service';
import type { PanelContext } from '../context';
import { ImageFailure, isOfTheImage, messageOf, TitledError } from '../failures';
import { readIdentityFile } from '../files/identityFile';
import { nextTask } from '../nextTask';
import { type Place, viewOf } from '../state';
import { inputErrors } from '../texts/errorTexts';
import { texts } from '../texts/texts';
import { type RestoreRequest, restoreSeries } from './restoreSeries';
import { keysOf, type RestoredOutcome, type Restoring, type Told } from './restoring';

/** Faults of the pixels themselves: no key will bring the key area back. */
const HOPELESS: readonly ErrorCode[] = ['damaged', 'stored-with-loss', 'unsupported-transfer-syntax'];

/** From a protected series and a key to the originals, for as long as the study is open. */
export class RestoreController {
  readonly #context: PanelContext;
  #looking: string | undefined;

  constructor(context: PanelContext) {
    this.#context = context;
    context.state.subscribe(() => void this.#look());
    void this.#look();
  }

  edit(changes: Partial<Restoring>): void {
    const { state } = this.#context;
    state.update({ restoring: { ...state.get().restoring, ...changes }, message: undefined });
  }

  async chooseIdentity(file: File): Promise<void> {
    try {
      this.edit({ identity: await readIdentityFile(file) });
      this.#context.focus('action');
    } catch (error) {
      this.#context.complain({ ...messageOf(error), place: 'key' });
    }
  }

  /** Turns to restoring the series on display; where its tags do not say so, by looking at the pixels. */
  async ask(): Promise<void> {
    const { state } = this.#context;
    const { viewer, protectedSeries, restoredSeries } = state.get();
    if (viewer.status !== 'ready' || this.#context.busy) return;
    const { series, image } = viewer;
    const restored = restoredSeries.get(series.id);
    if (restored !== undefined) {
      await this.showSideBySide(restored);
      this.#context.focus('result');
      return;
    }
    if (protectedSeries.has(series.id)) {
      state.update({
        askedToRestore: { seriesId: series.id, notice: series.notice ?? '' },
        message: undefined,
      });
    } else if (series.kind === 'original') {
      await this.#context.run('examine', 1, async (signal) => {
        const told = await this.#inspect(series, image, signal);
        this.#tell(series.id, told);
        state.update({ askedToRestore: { seriesId: series.id, notice: told.notice } });
        return texts.finished.examine;
      });
      if (viewOf(state.get()).name !== 'restore') return;
    }
    this.#context.focus('key');
  }

  /** Turns back from what {@link ask} turned to; nothing typed is kept. */
  turnBack(): void {
    this.edit({ passphrase: '', identity: undefined, preferIdentity: false, consentFor: undefined });
    this.#context.state.update({ askedToRestore: undefined, revealed: false });
    this.#focusResultOr('area');
  }

  /** @param agreed what the user agreed to */
  async restore(agreed: Partial<Pick<RestoreRequest, 'acceptCost' | 'leaveOut'>> = {}): Promise<void> {
    const { state, port, service } = this.#context;
    const ready = this.#ready();
    if (ready === undefined) return;
    const { series, image, secret } = ready;
    const { acceptCost = false, leaveOut = false } = agreed;
    this.edit({ consentFor: undefined, leaveOutFor: undefined });
    await this.#context.run(
      'restore',
      series.images,
      async (signal, onProgress) => {
        const request = { series, secret, acceptCost, leaveOut };
        const outcome = await restoreSeries(request, port, service, signal, onProgress).catch((error) => {
          if (isCode(error, ['costly-key']) && !acceptCost) this.edit({ consentFor: series.id });
          if (error instanceof ImageFailure && isOfTheImage(error.cause) && !leaveOut)
            this.edit({ leaveOutFor: series.id });
          if (isCode(error, HOPELESS)) this.#tell(series.id, { problem: messageOf(error) });
          throw error;
        });
        const { restoredSeries } = state.get();
        state.update({
          restoredSeries: new Map(restoredSeries).set(outcome.sourceId, outcome),
          askedToRestore: undefined,
          revealed: false,
        });
        this.edit({ passphrase: '', identity: undefined, preferIdentity: false });
        const position = outcome.altered[0]?.position ?? image.position;
        // Listing it and showing it are each work for the viewer.
        await nextTask();
        if (!this.#context.disposed && this.#context.isOnDisplay(series.id))
          await this.#show(outcome, position);
        return outcome.isExact ? texts.finished.restore(outcome.images) : texts.alteredTitle(outcome);
      },
      texts.seriesName(series.description, series.modality),
    );
  }

  /** Reads the report from the QR code on display: all that is left where the key area cannot come back. */
  async readReport(): Promise<void> {
    const { port, service } = this.#context;
    const ready = this.#ready();
    if (ready === undefined) return;
    const { series, image, secret } = ready;
    await this.#context.run('read', 1, async (signal) => {
      const { width, height } = image;
      const picture = port.picture(image, { x: 0, y: 0, width, height }, Number.POSITIVE_INFINITY);
      const found = picture === undefined ? [] : await service.scan(picture, { signal });
      const sealed = found.find((text) => text.sealed);
      if (sealed === undefined) throw new TitledError(inputErrors.noQrTitle, inputErrors.noSealedQr);
      const report = await this.openText(sealed.text, secret, signal);
      this.edit({ passphrase: '', identity: undefined, readReport: { seriesId: series.id, report } });
      return texts.finished.read;
    });
  }

  /** The report of a sealed QR text. */
  async openText(text: string, secret: Secret, signal: AbortSignal): Promise<string> {
    const { service } = this.#context;
    const keyring = await service.openKeyring(secret, {}, { signal });
    try {
      return await service.openText(keyring, text, { signal });
    } finally {
      void service.closeKeyring(keyring).catch(() => {});
    }
  }

  showSideBySide(outcome: RestoredOutcome): Promise<void> {
    return this.#context.attempt('action', () => this.#show(outcome, this.#position()));
  }

  /** Beside the protected series; where images were left out, alone: the two would not scroll image by image. */
  #show({ sourceId, seriesId, images, lost }: RestoredOutcome, position: number): Promise<void> {
    const { port } = this.#context;
    return lost.length === 0
      ? port.showSideBySide(sourceId, seriesId, position)
      : port.showSeries(seriesId, Math.min(position, images));
  }

  /** Shows an image of the restored series with its altered blocks outlined, or takes the outlines away. */
  showAltered(outcome: RestoredOutcome, position: number | undefined): Promise<void> {
    const { port } = this.#context;
    return this.#context.attempt('action', async () => {
      if (position === undefined) {
        port.markBlocks('altered', undefined);
        return;
      }
      port.markBlocks('altered', { seriesId: outcome.seriesId, images: outcome.altered });
      await this.#show(outcome, position);
    });
  }

  /** Where the original is listed in this viewer, its id. */
  originalOf({ seriesInstanceUID }: RestoredOutcome): string | undefined {
    return this.#context.port.seriesByUID(seriesInstanceUID);
  }

  showOriginal(outcome: RestoredOutcome): Promise<void> {
    return this.#context.attempt('action', async () => {
      const { port } = this.#context;
      const id = this.originalOf(outcome);
      if (id === undefined) return;
      const image = imageAt(outcome.originals, this.#position());
      await port.showSeries(id, (image && positionOf(port.filesOf(id), image)) ?? 1);
    });
  }

  /** Removes a restored series; what goes wrong is told. */
  discard(outcome: RestoredOutcome): Promise<void> {
    return this.#context.attempt('action', async () => {
      await this.removeRestored(outcome);
      this.#context.refresh();
      this.#focusResultOr('key');
    });
  }

  async removeRestored(outcome: RestoredOutcome): Promise<void> {
    const { state, port } = this.#context;
    port.markBlocks('altered', undefined);
    await port.removeSeries(outcome.seriesId, { id: outcome.sourceId, position: this.#position() });
    const left = new Map(state.get().restoredSeries);
    left.delete(outcome.sourceId);
    state.update({ restoredSeries: left });
  }

  /** The focus goes to what came of protecting, or where that is not what the panel shows, to a place. */
  #focusResultOr(place: Place): void {
    this.#context.focus(viewOf(this.#context.state.get()).name === 'protected' ? 'result' : place);
  }

  /** Reads what the image on display tells of its protection, once for each series. */
  async #look(): Promise<void> {
    const { state } = this.#context;
    const { viewer, restoring } = state.get();
    if (viewer.status !== 'ready' || viewOf(state.get()).name !== 'restore') return;
    const { series, image } = viewer;
    if (restoring.told.has(series.id) || this.#looking === series.id) return;
    this.#looking = series.id;
    try {
      this.#tell(series.id, await this.#inspect(series, image, this.#context.closed));
    } catch (error) {
      // What else goes wrong is told when the user restores: passphrase and identity file are offered.
      if (isCode(error, HOPELESS)) this.#tell(series.id, { problem: messageOf(error) });
    }
  }

  async #inspect(series: ViewerSeries, image: ViewerImage, signal: AbortSignal) {
    const { port, service } = this.#context;
    const bytes = await port.readFile(series.id, image.fileId, signal);
    signal.throwIfAborted();
    const { keys, notice } = await service.inspect(bytes, { signal });
    return { keys, notice };
  }

  #tell(seriesId: string, told: Told): void {
    const { state } = this.#context;
    const { restoring } = state.get();
    state.update({ restoring: { ...restoring, told: new Map(restoring.told).set(seriesId, told) } });
  }

  /** What the user gave to open the series with; where nothing, the user is told so. */
  secret(): Secret | undefined {
    const { restoring, viewer } = this.#context.state.get();
    const seriesId = viewer.status === 'ready' ? viewer.series.id : '';
    if (keysOf(restoring, seriesId).wanted === 'identity') {
      if (restoring.identity !== undefined) return { identities: restoring.identity.identities };
      this.#context.complain({ place: 'key', ...inputErrors.noIdentity });
    } else {
      if (restoring.passphrase !== '') return { passphrase: restoring.passphrase };
      this.#context.complain({ place: 'key', ...inputErrors.noPassphrase });
    }
    return undefined;
  }

  /** What is on display, and the key that was given for it; undefined where nothing can begin with them. */
  #ready() {
    const { viewer } = this.#context.state.get();
    if (viewer.status !== 'ready' || this.#context.busy) return undefined;
    const { series, image } = viewer;
    const secret = this.secret();
    return secret && { series, image, secret };
  }

  /** Of the image on display, from 1. */
  #position(): number {
    const { viewer } = this.#context.state.get();
    return viewer.status === 'ready' ? viewer.image.position : 1;
  }
}

const isCode = (error: unknown, codes: readonly ErrorCode[]): boolean =>
  error instanceof KeyAreaError
    ? codes.includes(error.code)
    : error instanceof Error && error.cause !== undefined && isCode(error.cause, codes);
