import { KeyAreaError } from './errors';
import { CONTENT_KEY_LENGTH, ContentKey } from './keys/contentKey';
import { encodeEnvelopes, WORK_FACTOR, wrapForPassphrase, wrapForRecipients } from './keys/envelope';
import { envelopeName, Keyring } from './keys/keyring';
import { randomBytes } from './keys/platform';
import { MAX_NOTICE_BYTES, MAX_REPORT_BYTES, packReport } from './payload/payload';
import type { Frame } from './pixels/frame';
import {
  isSealed,
  noticeOf,
  noticeSegments,
  openSegments,
  type QrContent,
  sealedSegments,
} from './qr/qrText';
import { drawSymbol, type QrSegment, type QrSymbol } from './qr/symbol';

/** The notice of a QR where the user gives none. */
export const DEFAULT_NOTICE = 'Key area protected. Ask the sender for the key.';

/** What one job protects with. Give a passphrase, or recipients, not both. */
export interface JobOptions {
  /** Not empty; brought to Unicode's NFC. Its strength is the caller's care. */
  readonly passphrase?: string;
  /** age public keys, `age1...`. */
  readonly recipients?: readonly string[];
  /** age public keys that can open every image of the site, in an envelope of their own. */
  readonly recoveryRecipients?: readonly string[];
  /** The private text, at most 64 KiB of UTF-8; may be empty. */
  readonly report: string;
  /** The public text in the QR, at most 512 bytes of UTF-8. */
  readonly notice?: string;
  /** What the QR says; `sealed` where left out. */
  readonly qr?: QrContent;
  /** What gives way where a sealed report needs a larger QR than the key area holds; `report` where left out. */
  readonly fit?: SymbolFit;
  /** log2 of scrypt's N, 18 where left out; an image that asks for more than 18 is not opened. */
  readonly workFactor?: number;
}

/**
 * - `report`: a small key area grows until the sealed report fits into its QR, at most to twice its side;
 * - `area`: it grows no further than the notice needs, and the report travels in the payload alone.
 */
export type SymbolFit = 'report' | 'area';

/** What a job says, in the QR codes and to whoever has the key, and what gives way where it does not fit. */
export type JobTexts = Required<Pick<JobOptions, 'report' | 'notice' | 'qr' | 'fit'>>;

/** The QR codes that a frame of a job can carry, the most wanted first. */
export interface SymbolChoice {
  readonly content: QrContent;
  /** Level M, and L where that is smaller. */
  readonly symbols: readonly QrSymbol[];
}

/** Largest version of a QR that is drawn. */
const MAX_VERSION = 40;
/** A sealed report goes into the QR up to this version; beyond it, it travels in the payload alone. */
const MAX_SEALED_VERSION = 25;

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** A job as it crosses to another thread: its key can be used there, and read out nowhere. */
export interface SharedJob extends Pick<ProtectionJob, 'id' | 'envelopes' | 'notice' | 'qr' | 'fit'> {
  /** The texts of its QR codes. */
  readonly contents: ReadonlyMap<QrContent, readonly QrSegment[]>;
  /** The private text. */
  readonly report: string;
  /** The content key, as an HKDF base key that cannot be exported. */
  readonly key: CryptoKey;
}

/**
 * One job is one series: one random content key, one key derivation, one QR text. Frames are
 * protected with {@link protectFrame}. `dispose` forgets the key and the report.
 */
export class ProtectionJob {
  #key: ContentKey | undefined;
  #report: string;
  #packedReport: Uint8Array | undefined;
  readonly #contents: Map<QrContent, readonly QrSegment[]>;
  /** @internal The encoded list of envelopes. */
  readonly envelopeList: Uint8Array;
  readonly #choices = new Map<number, SymbolChoice[]>();
  #spareCells: Frame['samples'] | undefined;

  /** @internal Made by {@link createProtectionJob}. */
  constructor(
    /** 16 random bytes that all frames of the job carry, hidden. */
    readonly id: Uint8Array,
    /** age files, each with the content key. */
    readonly envelopes: readonly Uint8Array[],
    /** The public text in the QR codes. */
    readonly notice: string,
    /** What the QR codes say; where a sealed report does not fit, the notice alone. */
    readonly qr: QrContent,
    /** What gives way where a sealed report needs a larger QR than a key area holds. */
    readonly fit: SymbolFit,
    contents: ReadonlyMap<QrContent, readonly QrSegment[]>,
    key: ContentKey,
    report: string,
  ) {
    this.envelopeList = encodeEnvelopes(envelopes);
    this.#contents = new Map(contents);
    this.#key = key;
    this.#report = report;
  }

  /** @internal Throws `invalid-argument` once disposed of. */
  get key(): ContentKey {
    if (this.#key === undefined) throw new KeyAreaError('invalid-argument', 'This job was disposed of.');
    return this.#key;
  }

  /** The private text; empty once disposed of. */
  get report(): string {
    return this.#report;
  }

  /** @internal The private text as payloads hold it. */
  get packedReport(): Uint8Array {
    this.#packedReport ??= packReport(this.#report);
    return this.#packedReport;
  }

  /** The job for another thread, where {@link adoptJob} makes it one again without deriving a key. */
  share(): SharedJob {
    const { id, envelopes, notice, qr, fit, report } = this;
    return { id, envelopes, notice, qr, fit, contents: this.#contents, key: this.key.key, report };
  }

  /** @internal The QR codes to choose from, none of a smaller version than `minimumVersion`. */
  symbolChoices(minimumVersion: number): readonly SymbolChoice[] {
    let choices = this.#choices.get(minimumVersion);
    if (choices === undefined) {
      choices = [...this.#contents].map(([content, segments]) => {
        const maximum = content === 'sealed' ? MAX_SEALED_VERSION : MAX_VERSION;
        const symbols = (['M', 'L'] as const)
          .map((level) => drawSymbol(segments, level, minimumVersion, maximum))
          .filter((symbol) => symbol !== undefined);
        return { content, symbols: symbols.filter(({ size }, k) => k === 0 || size < symbols[0].size) };
      });
      this.#choices.set(minimumVersion, choices);
    }
    return choices;
  }

  /** True for a text that the job's QR codes may have; a sealed report counts by its notice, as no two are alike. */
  says(qrText: string): boolean {
    return [...this.#contents].some(([content, segments]) =>
      content === 'sealed'
        ? isSealed(qrText) && noticeOf(qrText) === this.notice
        : qrText === segments.map(({ text }) => text).join(''),
    );
  }

  /** @internal Cells like a frame's, of any values, to protect and to prove a frame in. */
  takeCells({ length, BYTES_PER_ELEMENT }: Frame['samples']): Frame['samples'] {
    const spare = this.#spareCells;
    this.#spareCells = undefined;
    if (spare?.length === length && spare.BYTES_PER_ELEMENT === BYTES_PER_ELEMENT) return spare;
    return BYTES_PER_ELEMENT === 1 ? new Uint8Array(length) : new Uint16Array(length);
  }

  /** @internal Takes cells back: the next frame of a series is mostly of the same size. */
  giveBackCells(cells: Frame['samples']): void {
    if (this.#key) this.#spareCells = cells;
  }

  /** Forgets the key, the report and the last frame; the job protects nothing more. */
  dispose(): void {
    this.#key = undefined;
    this.#report = '';
    this.#packedReport = undefined;
    this.#spareCells = undefined;
    this.#contents.clear();
    this.#choices.clear();
  }
}

/** The texts of a job. Throws `invalid-argument` and `report-too-long`. */
export function textsOf(options: Pick<JobOptions, keyof JobTexts>): JobTexts {
  const { report, notice = DEFAULT_NOTICE, qr = 'sealed', fit = 'report' } = options;
  checkTexts(report, notice, qr);
  return { report, notice, qr, fit };
}

function checkTexts(report: string, notice: string, qr: QrContent): void {
  const reportBytes = utf8Length(report);
  if (reportBytes > MAX_REPORT_BYTES) {
    throw new KeyAreaError(
      'report-too-long',
      `The report is ${reportBytes - MAX_REPORT_BYTES} bytes too long: ${MAX_REPORT_BYTES} bytes fit.`,
    );
  }
  const noticeBytes = utf8Length(notice);
  if (noticeBytes > MAX_NOTICE_BYTES) {
    throw new KeyAreaError(
      'invalid-argument',
      `The notice is ${noticeBytes - MAX_NOTICE_BYTES} bytes too long: ${MAX_NOTICE_BYTES} bytes fit.`,
    );
  }
  if (notice.trim() === '' || isSealed(notice) || (qr === 'open' && isSealed(`${notice}\n${report}`))) {
    throw new KeyAreaError(
      'invalid-argument',
      'The notice must say something, and must not imitate a sealed report.',
    );
  }
}

/**
 * Makes a content key, wraps it for its readers and composes the QR text.
 * Throws `invalid-argument` and `report-too-long`.
 */
export async function createProtectionJob(options: JobOptions): Promise<ProtectionJob> {
  const { passphrase, recipients, recoveryRecipients = [], workFactor = WORK_FACTOR } = options;
  const texts = textsOf(options);
  if ((passphrase === undefined) === (recipients === undefined) || passphrase === '') {
    throw new KeyAreaError('invalid-argument', 'Give a passphrase, or recipients.');
  }
  if (!Number.isInteger(workFactor) || workFactor < 1 || workFactor > WORK_FACTOR) {
    throw new KeyAreaError(
      'invalid-argument',
      `The work factor must be a whole number from 1 to ${WORK_FACTOR}.`,
    );
  }

  const contentKey = randomBytes(CONTENT_KEY_LENGTH);
  try {
    const envelopes = [
      passphrase === undefined
        ? await wrapForRecipients(contentKey, recipients ?? [])
        : await wrapForPassphrase(contentKey, passphrase, workFactor),
    ];
    if (recoveryRecipients.length > 0)
      envelopes.push(await wrapForRecipients(contentKey, recoveryRecipients));
    return await composeJob(randomBytes(16), envelopes, await ContentKey.fromBytes(contentKey), texts);
  } finally {
    contentKey.fill(0);
  }
}

/** A job of a known key, whose QR texts are composed anew. */
export async function composeJob(
  id: Uint8Array,
  envelopes: readonly Uint8Array[],
  key: ContentKey,
  { report, notice, qr, fit }: JobTexts,
): Promise<ProtectionJob> {
  const contents = new Map<QrContent, readonly QrSegment[]>();
  if (qr === 'sealed' && report !== '') {
    contents.set('sealed', await sealedSegments(notice, report, key, envelopes));
  }
  if (qr === 'open') contents.set('open', openSegments(notice, report));
  else contents.set('notice', noticeSegments(notice));
  return new ProtectionJob(id, envelopes, notice, qr, fit, contents, key, report);
}

/** The same job in another thread: frames of both belong together. */
export function adoptJob({ key, ...job }: SharedJob): ProtectionJob {
  const { id, envelopes, notice, qr, fit, contents, report } = job;
  return new ProtectionJob(id, envelopes, notice, qr, fit, contents, new ContentKey(key), report);
}

/** A keyring that opens what `job` protects, without deriving a key again. */
export function keyringForJob(job: ProtectionJob): Keyring {
  return new Keyring(
    undefined,
    job.envelopes.map((envelope) => [envelopeName(envelope), job.key]),
  );
}
