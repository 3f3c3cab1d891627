import { useEffect, useRef } from 'react';
import type { Orientation, Picture } from '../../viewer/port';

/** A picture as the viewport turns it; it keeps what it showed while there is none. */
export function PictureCanvas({
  picture,
  orientation: { alongRow, alongColumn },
  label,
}: {
  readonly picture: Picture | undefined;
  readonly orientation: Orientation;
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (picture === undefined || element === null) return;
    element.width = picture.width;
    element.height = picture.height;
    element.getContext('2d')?.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
  }, [picture]);
  const transform = `matrix(${[...alongRow, ...alongColumn].join()},0,0)`;
  return <canvas ref={canvas} width={1} height={1} role="img" aria-label={label} style={{ transform }} />;
}
