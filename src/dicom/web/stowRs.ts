/** What a server answers that was sent an object (STOW-RS, PS3.18 section 10.5). */

/** Failure reasons that a user can do something about (PS3.18, table 10.5.3-2; PS3.4, table B.2-1). */
const REASONS = new Map([
  [0x0110, 'processing failed'],
  [0x0111, 'another object is stored under the same identifier'],
  [0x0122, 'this class of object is not supported'],
  [0x0124, 'not authorised'],
  [0xa700, 'out of resources'],
]);

/** What a failure without a reason is taken for. */
const PROCESSING_FAILURE = 0x0110;

/** What a STOW answer says against the object; undefined where it says nothing. JSON and XML are read. */
export function refusalIn(answer: unknown): string | undefined {
  if (typeof answer !== 'string' || answer.trim() === '') return undefined;
  const reason = answer.trimStart().startsWith('<') ? reasonInXml(answer) : reasonInJson(answer);
  if (reason === undefined) return undefined;
  const words =
    REASONS.get(reason) ?? (reason >= 0xa900 && reason < 0xaa00 ? 'it does not fit the study' : undefined);
  const code = `0x${reason.toString(16).toUpperCase().padStart(4, '0')}`;
  return words === undefined
    ? `It was refused (failure reason ${code}).`
    : `It was refused: ${words} (${code}).`;
}

const FAILED_SEQUENCE = '00081198';
const FAILURE_REASON = '00081197';

function reasonInJson(answer: string): number | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer);
  } catch {
    return undefined;
  }
  const dataset = (Array.isArray(parsed) ? parsed[0] : parsed) as
    | Record<string, { Value?: unknown[] }>
    | undefined;
  const failed = dataset?.[FAILED_SEQUENCE]?.Value?.[0] as Record<string, { Value?: number[] }> | undefined;
  return failed && (failed[FAILURE_REASON]?.Value?.[0] ?? PROCESSING_FAILURE);
}

/** The Native DICOM Model (PS3.19, annex A) that some servers answer with. */
function reasonInXml(answer: string): number | undefined {
  const failed = answer.split(`tag="${FAILED_SEQUENCE}"`)[1];
  if (failed === undefined || !failed.includes('<Item')) return undefined;
  const reason = failed.split(`tag="${FAILURE_REASON}"`)[1]?.match(/<Value[^>]*>\s*(\d+)/)?.[1];
  return Number(reason ?? PROCESSING_FAILURE);
}
