import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Header } from '../../src/engine/header';
import { encodeEnvelopes } from '../../src/engine/keys/envelope';
import { latin1 } from '../dicom/builder';
import { joinSections, type Section, sealChecksum, splitSections } from '../vectors/generator/forge';
import type { Draw } from './draw';
import { edge, mutate, spliceTogether, writeNumber } from './mutate';

/** What is hidden, or says what is, as whoever has the key can make it: with true checksums and tags. */

/** A header that lies in one to three fields. */
export function lyingHeader(header: Header, draw: Draw): Partial<Header> {
  const short = () => edge(draw, 2);
  const area = () => ({ x: short(), y: short(), width: short(), height: short() });
  const lies: (() => Partial<Header>)[] = [
    () => ({ width: short() }),
    () => ({ height: short() }),
    () => ({ width: header.height, height: header.width }),
    () => ({ salt: draw.bytes(16) }),
    () => ({ commitment: draw.bytes(16) }),
    () => ({ envelopesLength: short() }),
    () => ({ dataSegments: edge(draw, 1) }),
    () => ({ paritySegments: edge(draw, 1) }),
    () => ({ scrambled: !header.scrambled }),
    () => ({ bands: { ...header.bands, bits: draw.between(0, header.bands.bits) } }),
    () => ({ coveredAreas: header.coveredAreas.map((given) => ({ ...given, x: short() })) }),
    () => ({
      coveredAreas: header.coveredAreas.map((given) => ({ ...given, width: short(), height: short() })),
    }),
    () => ({ coveredAreas: [...header.coveredAreas, area()] }),
    () => ({ coveredAreas: Array.from({ length: draw.between(0, 18) }, area) }),
    () => ({ coveredAreas: [...header.coveredAreas, ...header.coveredAreas] }),
  ];
  let lie: Partial<Header> = {};
  for (let count = draw.between(1, 3); count > 0; count--) lie = { ...lie, ...draw.pick(lies)() };
  return lie;
}

/** What scrypt is asked for in an envelope's header. */
const COSTS = ['0', '1', '3', '19', '20', '30', '63', '64', '99', '4294967295', '1e9', '-1', '02', '2.5', ''];

function hostileEnvelope(draw: Draw, list: Uint8Array): Uint8Array {
  const length = list[1] * 256 + list[2];
  const envelope = list.slice(3, 3 + length);
  const lines = Buffer.from(envelope).toString('latin1').split('\n');
  const lies: (() => Uint8Array)[] = [
    () => mutate(envelope, draw),
    () =>
      latin1(lines.map((line) => line.replace(/^(-> scrypt \S+) .*/, `$1 ${draw.pick(COSTS)}`)).join('\n')),
    () =>
      latin1(
        [lines[0], ...Array(draw.between(1, 80)).fill(lines.slice(1, 3)).flat(), ...lines.slice(3)].join(
          '\n',
        ),
      ),
    () => latin1(lines.map((line) => (draw.chance(0.2) ? '-> X25519 AAAA' : line)).join('\n')),
    () => draw.bytes(draw.below(300)),
  ];
  return draw.pick(lies)();
}

/** A list of envelopes with a true checksum, at times with untrue counts and lengths. */
export function hostileEnvelopes(draw: Draw, list: Uint8Array): Uint8Array {
  const count = draw.chance(0.7) ? 1 : draw.between(0, 4);
  const made = encodeEnvelopes(Array.from({ length: count }, () => hostileEnvelope(draw, list)));
  if (draw.chance(0.6)) return made;
  return sealChecksum(
    writeNumber(made, draw.below(Math.max(1, Math.min(3, made.length - 4))), 1, edge(draw, 1), true),
  );
}

/** So many megabytes of zeros, deflated: a thousandth of their length. */
const BOMBS = new Map(
  [1, 2, 8].map((megabytes) => [
    megabytes,
    new Uint8Array(deflateRawSync(new Uint8Array(megabytes * 2 ** 20), { level: 9 })),
  ]),
);
export const bomb = (megabytes: 1 | 2 | 8): Uint8Array => BOMBS.get(megabytes) ?? new Uint8Array(0);

const REPORT_SECTION = 6;
const ATTACHMENT_SECTION = 7;

/** A payload of which sections lie. */
export function hostilePayload(plain: Uint8Array, draw: Draw): Uint8Array {
  if (draw.chance(0.2)) return mutate(plain, draw);
  const sections = splitSections(plain);
  const at = draw.below(sections.length);
  const { type, content } = sections[at];
  const deflated = type === REPORT_SECTION || type === ATTACHMENT_SECTION;
  const lies: (() => Section[])[] = [
    () => [{ type, content: mutate(content, draw) }],
    () => [{ type, content: mutate(content, draw) }],
    () => [{ type, content, length: edge(draw, 4) }],
    () => [{ type: draw.below(12), content }],
    () => [],
    () => [sections[at], sections[draw.below(sections.length)]],
    () => [{ type, content: draw.bytes(draw.below(64)) }],
    () => [{ type, content: deflated ? bomb(draw.pick([1, 2] as const)) : new Uint8Array(0) }],
    () => [{ type, content: deflated ? reflated(content, draw) : spliceTogether(content, plain, draw) }],
  ];
  return joinSections([...sections.slice(0, at), ...draw.pick(lies)(), ...sections.slice(at + 1)]);
}

/** Deflated content, changed before it was deflated. */
const reflated = (content: Uint8Array, draw: Draw): Uint8Array =>
  new Uint8Array(deflateRawSync(mutate(new Uint8Array(inflateRawSync(content)), draw)));
