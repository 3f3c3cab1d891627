import { framesOf } from '../hosts/attributes';
import type { ViewerFile } from '../viewer/port';
import type { DisplaySet, InstanceMetadata, Study } from './host';

/** The series that the viewer lists: the display sets of the open studies. */
export class Studies {
  readonly #current: () => readonly Study[];

  /** @param current the studies as the viewer has them now */
  constructor(current: () => readonly Study[]) {
    this.#current = current;
  }

  displaySets(): DisplaySet[] {
    return this.#current().flatMap(({ displaySets = [] }) => displaySets);
  }

  displaySet(id: string): DisplaySet | undefined {
    return this.displaySets().find(({ displaySetInstanceUID }) => displaySetInstanceUID === id);
  }

  /** Throws where the viewer does not list the series any more. */
  listed(id: string): DisplaySet {
    const displaySet = this.displaySet(id);
    if (displaySet === undefined) throw new Error('The series is not listed any more.');
    return displaySet;
  }

  /** The study that lists a series. */
  studyOf(id: string): Study | undefined {
    return this.#current().find(({ displaySets = [] }) =>
      displaySets.some(({ displaySetInstanceUID }) => displaySetInstanceUID === id),
    );
  }

  /** The study of this Study Instance UID where it is open; else the first: files of others are listed there. */
  studyFor(studyInstanceUID: string): Study {
    const studies = this.#current();
    const study = studies.find((open) => open.StudyInstanceUID === studyInstanceUID) ?? studies[0];
    if (study === undefined) throw new Error('No study is open any more.');
    return study;
  }
}

/** The objects of a display set, in the order displayed. */
export const filesOf = ({ images = [] }: DisplaySet): ViewerFile[] =>
  images.map((image) => {
    const { metadata } = image.getData();
    return { id: metadata.SOPInstanceUID, frames: framesOf(metadata) };
  });

/** An object of a display set. Throws where it is not listed any more. */
export function fileOf({ images = [] }: DisplaySet, fileId: string): InstanceMetadata {
  const image = images.find((candidate) => candidate.getData().metadata.SOPInstanceUID === fileId);
  if (image === undefined) throw new Error('The image is not listed any more.');
  return image;
}
