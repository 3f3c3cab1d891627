import { KeyAreaError } from '../../engine/errors';
import type { ViewerImage } from '../../viewer/port';
import type { FilePlan, KeyArea, PlanRequest } from '../../viewer/service';
import type { PanelContext } from '../context';
import { messageOf } from '../failures';
import { type Message, type PanelState, viewOf } from '../state';
import { isTight } from './fit';
import { plannedFiles, textsOf, treatmentOf } from './input';
import { KeptFile } from './keptFile';

/** What protecting would do to one image, as far as it is known. */
export interface Preview {
  /** The one on display where it gets a key area; otherwise one that was drawn on. */
  readonly image: ViewerImage;
  /** The latest that could be made; of what was chosen before, while `pending`. */
  readonly plan: FilePlan | undefined;
  /** Whether the area or the report in the QR code has to give way; of what was chosen before, while `pending`. */
  readonly tight: boolean;
  readonly pending: boolean;
  /** Why there can be none. */
  readonly refusal: Message | undefined;
}

/** What a plan is asked for. */
interface Wish {
  readonly seriesId: string;
  readonly image: ViewerImage;
  readonly request: PlanRequest;
}

/** Typing and dragging pause for so long before a plan is made, in milliseconds. */
const PAUSE = 300;

/** Keeps the preview of what is chosen up to date: one plan at a time, of the latest choices. */
export class Planner {
  readonly #context: PanelContext;
  readonly #file: KeptFile;
  readonly #stop: () => void;
  #name: string | undefined;
  /** Counts what was wished for: what is wished for again after something else is planned anew. */
  #wishes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(context: PanelContext) {
    this.#context = context;
    this.#file = new KeptFile(context.port, context.service);
    this.#stop = context.state.subscribe(() => this.#follow());
  }

  dispose(): void {
    this.#stop();
    this.#wishes++;
    clearTimeout(this.#timer);
    this.#file.release();
  }

  #follow(): void {
    const wish = this.#wish();
    const name = wish && JSON.stringify(wish);
    if (name === this.#name) return;
    this.#name = name;
    this.#wishes++;
    clearTimeout(this.#timer);
    const { state } = this.#context;
    if (wish === undefined) {
      this.#file.release();
      state.update({ preview: undefined });
      return;
    }
    const { image } = wish;
    const { preview } = state.get();
    const known = preview?.image.id === image.id ? preview : undefined;
    const { plan, tight = false } = known ?? {};
    state.update({ preview: { image, plan, tight, pending: true, refusal: undefined } });
    this.#timer = setTimeout(() => void this.#plan(), PAUSE);
  }

  async #plan(): Promise<void> {
    // The plan under way looks again when it is done.
    if (this.#running) return;
    this.#running = true;
    const count = this.#wishes;
    const wish = this.#wish();
    if (wish !== undefined) {
      const { image, request } = wish;
      const { state } = this.#context;
      try {
        const plan = await this.#planOf(wish);
        if (count === this.#wishes)
          state.update({
            preview: { image, plan, tight: isTight(plan, request), pending: false, refusal: undefined },
          });
      } catch (error) {
        // Who wishes for something else cancels the reading.
        if (count === this.#wishes) {
          const refusal = messageOf(error);
          state.update({ preview: { image, plan: undefined, tight: false, pending: false, refusal } });
        }
      }
    }
    this.#running = false;
    if (count !== this.#wishes) void this.#plan();
  }

  async #planOf({ seriesId, image, request }: Wish): Promise<FilePlan> {
    const { fileId } = image;
    const attempt = async () =>
      this.#context.service.plan(await this.#file.handle(seriesId, fileId), request);
    const wasKept = this.#file.keeps(seriesId, fileId);
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof KeyAreaError && error.code !== 'invalid-argument') throw error;
      // Where the worker has ended, what it kept is gone: the next one gets the file anew.
      this.#file.release();
      if (!wasKept) throw error;
      return attempt();
    }
  }

  #wish(): Wish | undefined {
    const state = this.#context.state.get();
    const { viewer, draft } = state;
    if (viewer.status !== 'ready' || viewOf(state).name !== 'protect') return undefined;
    const chosen = chooseImage(state);
    if (chosen === undefined) return undefined;
    const texts = textsOf(draft, this.#context.settings);
    return {
      seriesId: viewer.series.id,
      image: chosen.image,
      request: { ...texts, ...chosen.areas, ...treatmentOf(draft) },
    };
  }
}

type Chosen = { readonly image: ViewerImage; readonly areas: Pick<PlanRequest, 'areas' | 'frame' | 'count'> };

/** The image to plan, and what is hidden in its file. */
function chooseImage(state: PanelState): Chosen | undefined {
  const { viewer, draft } = state;
  if (viewer.status !== 'ready') return undefined;
  const files = plannedFiles(state);
  for (const image of [viewer.image, ...viewer.keyAreas.map((area) => area.image)]) {
    const { fileId, frame } = image;
    const planned = files.find(({ file }) => file.id === fileId);
    const hidden = ({ frames }: KeyArea) => frames === undefined || frames.includes(frame);
    if (planned && (draft.hideOnly || planned.areas.some(hidden))) {
      return { image, areas: { areas: planned.areas, frame, count: files.length } };
    }
  }
  return undefined;
}
