import { decode, encode } from 'jpeg-js';
import type { Frame } from '../../src/engine/index';
import type { Picture } from '../../src/engine/scan/grayPicture';

/** Taken out of the global object, whose properties are slow to reach inside Jest. */
const { abs, ceil, cos, exp, floor, max, min, PI, round, sin } = Math;

/** How a frame gets from the viewer into a picture file. */
export interface Taking {
  /** Screen pixels per image pixel, bilinear; 1 where left out. */
  readonly zoom?: number;
  /** Contrast: 1 shows the frame's whole range from black to white; less is a wider window. */
  readonly contrast?: number;
  /** Standard deviation of a Gaussian blur, in screen pixels. */
  readonly blur?: number;
  /** JPEG quality; no JPEG where left out. */
  readonly jpeg?: number;
  readonly degrees?: number;
  /** The picture's far side is smaller by this share: the perspective of a photo taken at an angle. */
  readonly keystone?: number;
}

/** Shares of brightness, as a viewer shows a frame with a window over its whole range. */
function display(frame: Frame, contrast: number): { width: number; height: number; values: Float64Array } {
  const { width, height, samples, samplesPerPixel, bitsStored, signed, inverted } = frame;
  const mask = 2 ** bitsStored - 1;
  const flip = signed ? 2 ** (bitsStored - 1) : 0;
  const codes = Float64Array.from(
    { length: width * height },
    (_, pixel) => (samples[pixel * samplesPerPixel] & mask) ^ flip,
  );
  const low = codes.reduce((a, b) => min(a, b));
  const high = codes.reduce((a, b) => max(a, b));
  const values = codes.map((code) => {
    const share = (code - low) / (high - low || 1);
    return min(1, max(0, 0.5 + contrast * ((inverted ? 1 - share : share) - 0.5)));
  });
  return { width, height, values };
}

function blurred(values: Float64Array, width: number, height: number, sigma: number): Float64Array {
  const radius = ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, k) =>
    exp(-(((k - radius) / sigma) ** 2) / 2),
  );
  const total = weights.reduce((a, b) => a + b);
  let from = values;
  for (const across of [true, false]) {
    const to = new Float64Array(from.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++) {
          const column = across ? min(width - 1, max(0, x + k)) : x;
          const row = across ? y : min(height - 1, max(0, y + k));
          sum += weights[k + radius] * from[row * width + column];
        }
        to[y * width + x] = sum / total;
      }
    }
    from = to;
  }
  return from;
}

/** Draws a frame as a viewer would, and takes a picture of it. */
export function takePicture(frame: Frame, taking: Taking = {}): Picture {
  const { zoom = 1, contrast = 1, blur = 0, jpeg, degrees = 0, keystone = 0 } = taking;
  const shown = display(frame, contrast);
  const angle = (degrees * PI) / 180;
  const [cosine, sine] = [cos(angle), sin(angle)];
  const width = ceil(zoom * (shown.width * abs(cosine) + shown.height * abs(sine)));
  const height = ceil(zoom * (shown.width * abs(sine) + shown.height * abs(cosine)));
  let values: Float64Array = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const narrowing = 1 - keystone * (1 - (y + 0.5) / height);
      const dx = (x + 0.5 - width / 2) / (zoom * narrowing);
      const dy = (y + 0.5 - height / 2) / (zoom * narrowing);
      const sourceX = dx * cosine + dy * sine + shown.width / 2 - 0.5;
      const sourceY = dy * cosine - dx * sine + shown.height / 2 - 0.5;
      if (sourceX < -0.5 || sourceY < -0.5 || sourceX > shown.width - 0.5 || sourceY > shown.height - 0.5)
        continue;
      const left = min(shown.width - 2, max(0, floor(sourceX)));
      const top = min(shown.height - 2, max(0, floor(sourceY)));
      const u = min(1, max(0, sourceX - left));
      const v = min(1, max(0, sourceY - top));
      const i = top * shown.width + left;
      const upper = shown.values[i] * (1 - u) + shown.values[i + 1] * u;
      const lower = shown.values[i + shown.width] * (1 - u) + shown.values[i + shown.width + 1] * u;
      values[y * width + x] = upper * (1 - v) + lower * v;
    }
  }
  if (blur > 0) values = blurred(values, width, height, blur);
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  values.forEach((value, pixel) => {
    data.fill(round(255 * value), 4 * pixel, 4 * pixel + 3);
  });
  if (jpeg === undefined) return { width, height, data };
  const coded = encode({ width, height, data: Buffer.from(data.buffer) }, jpeg);
  const picture = decode(coded.data, { useTArray: true, maxMemoryUsageInMB: 1024 });
  return { width, height, data: new Uint8ClampedArray(picture.data) };
}

/** An opaque picture whose pixels have the values that `valueAt` names, 0 to 255. */
export function paintPicture(
  width: number,
  height: number,
  valueAt: (x: number, y: number) => number,
): Picture {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    data.fill(valueAt(pixel % width, floor(pixel / width)), 4 * pixel, 4 * pixel + 3);
  }
  return { width, height, data };
}
