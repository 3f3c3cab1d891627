import { useState } from 'react';
import type { PanelController } from '../controller';
import type { AlteredImage, RestoredOutcome } from '../restore/restoring';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { Link, Part } from './common';

/** A picture of the blocks of an image that were altered, and the way to them. */
export function AlteredPart({
  state,
  controller,
  outcome,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
  readonly outcome: RestoredOutcome;
}) {
  const [shown, setShown] = useState(false);
  const { viewer } = state;
  const position = viewer.status === 'ready' ? viewer.image.position : undefined;
  const image = outcome.altered.find((altered) => altered.position === position) ?? outcome.altered[0];
  const show = (on: boolean) => {
    setShown(on);
    void controller.restore.showAltered(outcome, on ? image.position : undefined);
  };
  const saveList = () =>
    controller.port.download('altered-blocks.csv', [listOf(outcome.altered)], 'text/csv');
  return (
    <Part>
      <BlockPicture image={image} />
      <p className="kap-links">
        <Link onClick={() => show(!shown)}>{shown ? texts.hideAltered : texts.showAltered}</Link>
        <Link onClick={saveList}>{texts.saveList}</Link>
      </p>
      {outcome.images > 1 && <p className="kap-muted kap-small">{texts.blocksOf(image.position)}</p>}
    </Part>
  );
}

function BlockPicture({ image }: { readonly image: AlteredImage }) {
  const { columns, rows, blockSize, blocks } = image;
  const cells = blocks.map(({ x, y }) => ({
    column: Math.floor(x / blockSize),
    row: Math.floor(y / blockSize),
  }));
  return (
    <svg
      className="kap-blocks"
      viewBox={`0 0 ${columns} ${rows}`}
      role="img"
      aria-label={texts.blocksLabel(blocks.length, columns * rows, image.position)}
      data-cy="kap-blocks"
    >
      <defs>
        <pattern id="kap-block" width="1" height="1" patternUnits="userSpaceOnUse">
          <rect className="kap-block" width="1" height="1" />
        </pattern>
      </defs>
      <rect width={columns} height={rows} fill="url(#kap-block)" />
      {cells.map(({ column, row }) => (
        <rect className="kap-altered" key={`${column},${row}`} x={column} y={row} width="1" height="1" />
      ))}
    </svg>
  );
}

/** One line for each block, in image pixels, for whoever looks into it. */
const listOf = (altered: readonly AlteredImage[]): string =>
  [
    'image,x,y,width,height',
    ...altered.flatMap(({ position, blocks }) =>
      blocks.map(({ x, y, width, height }) => [position, x, y, width, height].join(',')),
    ),
    '',
  ].join('\r\n');
