import { median } from './median';
import type { Summary } from './tables';

/**
 * A plot of what hiding costs the picture: PSNR outside over the key area's share, one line for each method, each
 * point the middle of the images on which it came back exactly. Colours are legible on light and dark pages.
 */

const WIDTH = 800;
const HEIGHT = 400;
const LEFT = 64;
const RIGHT = 290;
const TOP = 44;
const BOTTOM = 52;

/** The decibels at the bottom and at the top; what changed nothing lies above. */
const LEAST = 10;
const MOST = 80;

const COLOURS = ['#1a7f37', '#0969da', '#cf222e', '#9a6700', '#8250df', '#bc4c00', '#57606a'];
const TEXT = '#768390';

interface Point {
  readonly share: number;
  readonly decibels: number;
  /** Images on which it came back exactly, of all. */
  readonly exact: number;
  readonly images: number;
}

/** The points of a method, as far as it gave anything back exactly; nothing lies outside a whole image. */
function pointsOf({ cases }: Summary): Point[] {
  const shares = [...new Set(cases.map(({ share }) => share))];
  return shares.flatMap((share) => {
    const here = cases.filter((one) => one.share === share);
    const decibels = here.flatMap(({ exact, distortion }) =>
      exact && distortion ? [distortion.psnrOutside] : [],
    );
    if (decibels.length === 0) return [];
    return [{ share, decibels: median(decibels), exact: decibels.length, images: here.length }];
  });
}

const xOf = (position: number, count: number): number =>
  LEFT + ((WIDTH - LEFT - RIGHT) * (position + 0.5)) / count;

/** Infinity lies in a band of its own above the scale; methods there lie `rank` steps apart. */
function yOf(decibels: number, rank: number): number {
  if (decibels === Infinity) return TOP + 4 + 9 * rank;
  const share = (Math.min(MOST, Math.max(LEAST, decibels)) - LEAST) / (MOST - LEAST);
  return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP - 48);
}

const text = (x: number, y: number, content: string, anchor = 'middle', colour = TEXT): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}">${content}</text>`;

/** The plot as SVG. */
export function plot(summaries: readonly Summary[]): string {
  const shares = [...new Set(summaries.flatMap((summary) => pointsOf(summary).map(({ share }) => share)))];
  const parts: string[] = [];
  const bottom = HEIGHT - BOTTOM;
  for (let decibels = LEAST; decibels <= MOST; decibels += 10) {
    const y = yOf(decibels, 0);
    parts.push(`<path d="M${LEFT} ${y}H${WIDTH - RIGHT}" stroke="${TEXT}" stroke-opacity=".25"/>`);
    parts.push(text(LEFT - 8, y + 4, `${decibels}`, 'end'));
  }
  parts.push(text(LEFT - 8, yOf(Infinity, 1) + 4, '∞', 'end'));
  shares.forEach((share, k) => {
    parts.push(text(xOf(k, shares.length), bottom + 20, `${100 * share} %`));
  });
  parts.push(text(LEFT, 20, 'PSNR outside the key area, dB (∞: nothing changed)', 'start'));
  parts.push(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, 'key area, share of the image'));
  let unchanged = 0;
  summaries.forEach((summary, k) => {
    const colour = COLOURS[k % COLOURS.length];
    const points = pointsOf(summary);
    const rank = points.some(({ decibels }) => decibels === Infinity) ? unchanged++ : 0;
    const places = points.map(({ share, decibels, exact, images }) => ({
      x: xOf(shares.indexOf(share), shares.length),
      y: yOf(decibels, rank),
      isAll: exact === images,
    }));
    const path = places.map(({ x, y }, n) => `${n === 0 ? 'M' : 'L'}${x} ${y.toFixed(1)}`).join('');
    if (path) parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const { x, y, isAll } of places) {
      const fill = isAll ? colour : 'none';
      parts.push(
        `<circle cx="${x}" cy="${y.toFixed(1)}" r="4" fill="${fill}" stroke="${colour}" stroke-width="2"/>`,
      );
    }
    const y = TOP + 12 + 24 * k;
    const x = WIDTH - RIGHT + 24;
    parts.push(`<path d="M${x} ${y - 4}h22" stroke="${colour}" stroke-width="3"/>`);
    parts.push(text(x + 30, y, summary.method, 'start'));
  });
  const key = TOP + 28 + 24 * summaries.length;
  for (const [n, label] of ['● exact on all images', '○ on some; no point: on none'].entries())
    parts.push(text(WIDTH - RIGHT + 24, key + 20 * n, label, 'start'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">
<title>PSNR outside the key area, by its share of the image</title>
${parts.join('\n')}
</svg>
`;
}
