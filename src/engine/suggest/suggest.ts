import { checkFrame, type Frame, overlap, type Rectangle } from '../pixels/frame';
import { type Candidate, rankFindings } from './findings';
import { type Plane, planeOf, shrinkPlane } from './plane';
import { findText } from './text';

/** A proposed key area. The user confirms, adjusts or drops it. */
export interface Suggestion {
  /** In image pixels, inside the image. */
  readonly rectangle: Rectangle;
  /** `finding`: a place rich in detail inside the body; `text`: burned-in text. */
  readonly kind: 'finding' | 'text';
  /** 0 to 1, comparable within one image and kind only. */
  readonly score: number;
}

/** How many key areas are proposed. */
export interface SuggestOptions {
  /** Places rich in detail, at most; 3 where left out. */
  readonly limit?: number;
  /** Blocks of burned-in text, at most; 12 where left out: any of them may be the patient's name. */
  readonly textLimit?: number;
}

/** Findings are looked for in a picture of at most so many pixels; letters need a finer one. */
const FINDING_PIXELS = 512 * 512;
const TEXT_PIXELS = 1600 * 1024;
/** Further findings score at least this share of the best. */
const WORTH_SHOWING = 0.5;

/** A rectangle of the plane in pixels of the frame. */
function inFrame({ x, y, width, height }: Rectangle, { step }: Plane, frame: Frame): Rectangle {
  return {
    x: x * step,
    y: y * step,
    width: Math.min(width * step, frame.width - x * step),
    height: Math.min(height * step, frame.height - y * step),
  };
}

/** The best candidates, none of which overlaps another. */
function pick(candidates: readonly Candidate[], limit: number): Candidate[] {
  const picked: Candidate[] = [];
  for (const candidate of candidates) {
    if (picked.length === limit) break;
    if (!picked.some(({ rectangle }) => overlap(rectangle, candidate.rectangle))) picked.push(candidate);
  }
  return picked;
}

/**
 * Proposes key areas: up to three places rich in detail inside the body, best first, then up to
 * twelve blocks of burned-in text, longest first. A help for pointing, not a detector of disease.
 *
 * Throws `invalid-argument` and `unsupported-pixels` for a frame whose fields do not fit together.
 */
export function suggestAreas(frame: Frame, { limit = 3, textLimit = 12 }: SuggestOptions = {}): Suggestion[] {
  checkFrame(frame);
  const toSuggestions = (kind: Suggestion['kind'], candidates: readonly Candidate[], plane: Plane) => {
    const most = Math.max(...candidates.map(({ score }) => score));
    return candidates.map(({ rectangle, score }) => ({
      rectangle: inFrame(rectangle, plane, frame),
      kind,
      score: score / most,
    }));
  };
  const textPlane = planeOf(frame, TEXT_PIXELS);
  const blocks = findText(textPlane);
  const texts = toSuggestions('text', pick(blocks, textLimit), textPlane);

  const plane = shrinkPlane(textPlane, FINDING_PIXELS);
  const ratio = plane.step / textPlane.step;
  const taken = blocks.map(({ rectangle: { x, y, width, height } }) => ({
    x: Math.floor(x / ratio),
    y: Math.floor(y / ratio),
    width: Math.ceil(width / ratio) + 1,
    height: Math.ceil(height / ratio) + 1,
  }));
  const isFree = ({ rectangle }: Candidate) => !taken.some((text) => overlap(text, rectangle));
  const ranked = rankFindings(plane).filter((candidate) => candidate.score > 0 && isFree(candidate));
  const worthShowing = ranked.filter(({ score }) => score >= WORTH_SHOWING * ranked[0].score);
  return [...toSuggestions('finding', pick(worthShowing, limit), plane), ...texts];
}
