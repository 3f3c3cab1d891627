import type { Carrier, QrContent, SymbolFit } from '../../viewer/service';
import type { PanelSettings } from '../settings';

/** Which images are protected: those drawn on, a range of the series, or all of it. */
export type Scope = 'image' | 'range' | 'series';

/** What the user has typed and chosen. It survives errors, tab and viewport changes. */
export interface Draft {
  readonly report: string;
  /** Hides the report alone, invisibly: no key area, no QR code. */
  readonly hideOnly: boolean;
  /** What opens the protected images. */
  readonly keyKind: 'passphrase' | 'recipients';
  readonly passphrase: string;
  /** The passphrase again, asked for while it is not shown. */
  readonly repeated: string;
  /** Keys chosen from the site's directory. */
  readonly chosenRecipients: readonly string[];
  /** age public keys as pasted, separated by white space or commas. */
  readonly pastedRecipients: string;
  readonly scope: Scope;
  /** Images of the series, from 1, both included. */
  readonly from: number;
  readonly to: number;
  /** With one area on each of two images: the images between them get areas between the two. */
  readonly interpolate: boolean;
  /** `automatic`: under the QR code where there is room, else around. */
  readonly carrier: Carrier | 'automatic';
  readonly qr: QrContent;
  /** What gives way where a small key area cannot hold the sealed report. */
  readonly fit: SymbolFit;
  /** Whether the rest of the picture is turned to noise. */
  readonly scramble: boolean;
  /** Whether the protected files are packed without loss. */
  readonly compress: boolean;
}

/** True where the rest of the picture turns to noise; a report alone changes nothing that can be seen. */
export const scrambles = ({ hideOnly, scramble }: Draft): boolean => scramble && !hideOnly;

/** A draft in which nothing is typed, with the site's choices. */
export function emptyDraft({ scope, carrier, qr }: Pick<PanelSettings, 'scope' | 'carrier' | 'qr'>): Draft {
  return {
    report: '',
    hideOnly: false,
    keyKind: 'passphrase',
    passphrase: '',
    repeated: '',
    chosenRecipients: [],
    pastedRecipients: '',
    scope,
    from: 1,
    to: 1,
    interpolate: true,
    carrier,
    qr,
    fit: 'report',
    scramble: false,
    compress: false,
  };
}
