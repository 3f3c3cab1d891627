/**
 * The surroundings carrier: reversible data hiding in the pixels around the covered areas.
 * FORMAT.md describes what it writes.
 */

export { surroundingsCapacity } from './capacity';
export { embedSurroundings, noRoomAround } from './embed';
export { type ExtractedSurroundings, extractSurroundings, headerCandidates } from './extract';
export { planSurroundings, type SurroundingsPlan } from './plan';
