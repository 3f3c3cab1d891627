/**
 * The surroundings carrier: reversible data hiding in the pixels around the covered areas.
 * FORMAT.md describes what it writes.
 */

export { embedSurroundings } from './embed';
export { type ExtractedSurroundings, extractSurroundings, headerAt } from './extract';
export { sitesOf } from './site';
