/** Naturalised DICOM attributes, as dcmjs names them; private ones under their tag, `00990010`. */
export interface Attributes {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly NumberOfFrames?: number | string;
  readonly Rows?: number;
  readonly Columns?: number;
  readonly [attribute: string]: unknown;
}

/** Images of an object: 1, or the frames of a multi-frame one. */
export const framesOf = ({ NumberOfFrames }: { readonly NumberOfFrames?: unknown }): number =>
  Math.max(1, Number(NumberOfFrames ?? 1) || 1);

/** Whose image it is, as people read it; may be empty. */
export const patientOf = ({ PatientName, PatientID }: Attributes): string =>
  personName(PatientName) || (PatientID ? `patient ${PatientID}` : '');

/** Naturalised data sets hold a person's name as text, an object, or a list of those. */
function personName(value: unknown): string {
  if (Array.isArray(value)) return personName(value[0]);
  const text =
    typeof value === 'object' && value !== null ? (value as { Alphabetic?: string }).Alphabetic : value;
  return typeof text === 'string' ? text.split('^').filter(Boolean).join(', ') : '';
}
