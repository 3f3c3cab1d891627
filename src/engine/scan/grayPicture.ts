/** A picture as a canvas or a decoder gives it: RGBA, 8 bits each, row by row. */
export interface Picture {
  /** Columns, 1 or more. */
  readonly width: number;
  /** Rows, 1 or more. */
  readonly height: number;
  /** `4 * width * height` bytes. */
  readonly data: Uint8ClampedArray;
}

/** A picture in gray, 0 to 255. */
export interface GrayPicture {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
  /** Pixels of the given picture along a side of one of this. */
  readonly step: number;
}

/** Luma (BT.601 in 256ths) over white. */
export function grayOf({ width, height, data }: Picture): GrayPicture {
  const values = new Uint8Array(width * height);
  for (let pixel = 0, i = 0; pixel < values.length; pixel++, i += 4) {
    const luma = (77 * data[i] + 150 * data[i + 1] + 29 * data[i + 2]) >> 8;
    const alpha = data[i + 3];
    values[pixel] = alpha === 255 ? luma : (luma * alpha + 255 * (255 - alpha)) / 255;
  }
  return { width, height, values, step: 1 };
}

/** The picture at half the size, each pixel the mean of four. */
export function halve(picture: GrayPicture): GrayPicture {
  const width = picture.width >> 1;
  const height = picture.height >> 1;
  const values = new Uint8Array(width * height);
  const from = picture.values;
  for (let y = 0; y < height; y++) {
    let i = 2 * y * picture.width;
    for (let x = 0; x < width; x++, i += 2) {
      const sum = from[i] + from[i + 1] + from[i + picture.width] + from[i + picture.width + 1];
      values[y * width + x] = (sum + 2) >> 2;
    }
  }
  return { width, height, values, step: 2 * picture.step };
}

/** How many times a pixel's difference from its neighbours' mean is added to it, to undo blur. */
const SHARPENING = 2;

/** The picture with its finest details raised, which blur and scaling lower; its border stays. */
export function sharpen(picture: GrayPicture): GrayPicture {
  const { width, height, values: from } = picture;
  const values = Uint8ClampedArray.from(from);
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1, end = (y + 1) * width - 1; i < end; i++) {
      const around = (from[i - 1] + from[i + 1] + from[i - width] + from[i + width]) / 4;
      values[i] = from[i] + SHARPENING * (from[i] - around);
    }
  }
  return { ...picture, values: new Uint8Array(values.buffer) };
}

/** Brightness at a point, interpolated; (0.5, 0.5) is the middle of the first pixel. */
export function valueAt({ width, height, values }: GrayPicture, x: number, y: number): number {
  const left = x < 0.5 ? 0 : x > width - 0.501 ? width - 1.001 : x - 0.5;
  const top = y < 0.5 ? 0 : y > height - 0.501 ? height - 1.001 : y - 0.5;
  const column = left | 0;
  const row = top | 0;
  const shareX = left - column;
  const shareY = top - row;
  const i = row * width + column;
  const upper = values[i] + shareX * (values[i + 1] - values[i]);
  const lower = values[i + width] + shareX * (values[i + width + 1] - values[i + width]);
  return upper + shareY * (lower - upper);
}
