import type { PanelController } from '../controller';
import type { PanelState } from '../state';
import { texts } from '../texts/texts';
import { FileButton, Link, Part } from './common';

/** The way in for what the user brings along: protected files, and pictures of a QR code. */
export function FilesPart({
  controller,
}: {
  readonly state: PanelState;
  readonly controller: PanelController;
}) {
  return (
    <Part>
      <p className="kap-muted kap-small">{texts.bringAlong}</p>
      <FileButton
        label={texts.openFile}
        accept=".dcm,.zip,application/dicom,application/zip"
        multiple
        onChoose={(files) => void controller.files.take(files)}
      />
      <p className="kap-small">
        <Link onClick={() => controller.files.showPhoto(true)}>{texts.readPhoto}</Link>
      </p>
    </Part>
  );
}
