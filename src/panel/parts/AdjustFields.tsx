import { useEffect, useRef, useState } from 'react';
import type { Rectangle } from '../../engine/pixels/frame';
import type { ViewerImage } from '../../viewer/port';
import { texts } from '../texts/texts';

type Side = keyof Rectangle;

const SIDES: readonly Side[] = ['x', 'y', 'width', 'height'];

/**
 * A key area's place and size in pixels, to be typed: it is drawn so while it lies in the image, and as it was before
 * the field was entered where what is typed does not.
 */
export function AdjustFields({
  rectangle,
  image,
  onChange,
}: {
  readonly rectangle: Rectangle;
  readonly image: ViewerImage;
  readonly onChange: (changes: Partial<Rectangle>, before: Rectangle) => void;
}) {
  const first = useRef<HTMLInputElement>(null);
  const before = useRef(rectangle);
  const [typed, setTyped] = useState<Partial<Record<Side, string>>>({});
  useEffect(() => first.current?.focus(), []);
  const change = (side: Side, text: string) => {
    setTyped({ [side]: text });
    if (text !== '') onChange({ [side]: Number(text) }, before.current);
  };
  return (
    <div className="kap-sides">
      {SIDES.map((side, index) => (
        <label key={side} className="kap-small">
          <span className="kap-muted">{texts.sides[side]}</span>
          <input
            ref={index === 0 ? first : undefined}
            type="number"
            min={side === 'x' || side === 'y' ? 0 : 1}
            max={side === 'x' || side === 'width' ? image.width : image.height}
            value={typed[side] ?? rectangle[side]}
            aria-invalid={typed[side] !== undefined && typed[side] !== String(rectangle[side])}
            onFocus={() => {
              before.current = rectangle;
            }}
            onChange={({ target }) => change(side, target.value)}
            onBlur={() => setTyped({})}
          />
        </label>
      ))}
    </div>
  );
}
