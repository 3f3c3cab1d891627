/** The DICOM attributes this layer reads or writes, as numbers `0xGGGGEEEE` (PS3.6, section 6). */
export const TAG = {
  MediaStorageSOPInstanceUID: 0x00020003,
  TransferSyntaxUID: 0x00020010,
  ImplementationClassUID: 0x00020012,
  ImplementationVersionName: 0x00020013,
  SpecificCharacterSet: 0x00080005,
  ImageType: 0x00080008,
  InstanceCreationDate: 0x00080012,
  InstanceCreationTime: 0x00080013,
  InstanceCreatorUID: 0x00080014,
  SOPClassUID: 0x00080016,
  SOPInstanceUID: 0x00080018,
  Manufacturer: 0x00080070,
  CodeValue: 0x00080100,
  CodingSchemeDesignator: 0x00080102,
  CodeMeaning: 0x00080104,
  TimezoneOffsetFromUTC: 0x00080201,
  SeriesDescription: 0x0008103e,
  ManufacturerModelName: 0x00081090,
  ReferencedSOPClassUID: 0x00081150,
  ReferencedSOPInstanceUID: 0x00081155,
  DerivationDescription: 0x00082111,
  SourceImageSequence: 0x00082112,
  FrameType: 0x00089007,
  PatientIdentityRemoved: 0x00120062,
  SoftwareVersions: 0x00181020,
  ContributingEquipmentSequence: 0x0018a001,
  ContributionDateTime: 0x0018a002,
  ContributionDescription: 0x0018a003,
  StudyInstanceUID: 0x0020000d,
  SeriesInstanceUID: 0x0020000e,
  SOPInstanceUIDOfConcatenationSource: 0x00200242,
  ConcatenationUID: 0x00209161,
  InConcatenationNumber: 0x00209162,
  InConcatenationTotalNumber: 0x00209163,
  ConcatenationFrameOffsetNumber: 0x00209228,
  SamplesPerPixel: 0x00280002,
  PhotometricInterpretation: 0x00280004,
  PlanarConfiguration: 0x00280006,
  NumberOfFrames: 0x00280008,
  Rows: 0x00280010,
  Columns: 0x00280011,
  BitsAllocated: 0x00280100,
  BitsStored: 0x00280101,
  HighBit: 0x00280102,
  PixelRepresentation: 0x00280103,
  SmallestImagePixelValue: 0x00280106,
  LargestImagePixelValue: 0x00280107,
  SmallestPixelValueInSeries: 0x00280108,
  LargestPixelValueInSeries: 0x00280109,
  PixelPaddingValue: 0x00280120,
  PixelPaddingRangeLimit: 0x00280121,
  BurnedInAnnotation: 0x00280301,
  WindowCenter: 0x00281050,
  WindowWidth: 0x00281051,
  RescaleIntercept: 0x00281052,
  RescaleSlope: 0x00281053,
  WindowCenterWidthExplanation: 0x00281055,
  VOILUTFunction: 0x00281056,
  RedPaletteDescriptor: 0x00281101,
  GreenPaletteDescriptor: 0x00281102,
  BluePaletteDescriptor: 0x00281103,
  RedPaletteData: 0x00281201,
  GreenPaletteData: 0x00281202,
  BluePaletteData: 0x00281203,
  LossyImageCompression: 0x00282110,
  LossyImageCompressionRatio: 0x00282112,
  LossyImageCompressionMethod: 0x00282114,
  ModalityLUTSequence: 0x00283000,
  VOILUTSequence: 0x00283010,
  PixelDataProviderURL: 0x00287fe0,
  PurposeOfReferenceCodeSequence: 0x0040a170,
  SOPInstanceStatus: 0x01000410,
  SOPAuthorizationDateTime: 0x01000420,
  SOPAuthorizationComment: 0x01000424,
  AuthorizationEquipmentCertificationNumber: 0x01000426,
  MACParametersSequence: 0x4ffe0001,
  IconImageSequence: 0x00880200,
  SharedFunctionalGroupsSequence: 0x52009229,
  PerFrameFunctionalGroupsSequence: 0x52009230,
  ExtendedOffsetTable: 0x7fe00001,
  ExtendedOffsetTableLengths: 0x7fe00002,
  FloatPixelData: 0x7fe00008,
  DoubleFloatPixelData: 0x7fe00009,
  PixelData: 0x7fe00010,
  DigitalSignaturesSequence: 0xfffafffa,
  DataSetTrailingPadding: 0xfffcfffc,
  Item: 0xfffee000,
  ItemDelimitation: 0xfffee00d,
  SequenceDelimitation: 0xfffee0dd,
} as const;

/**
 * Attributes of an overlay plane: the same element in each even group 6000 to 601E (PS3.5, section 7.6; PS3.3, C.9.2).
 * What lies so in the groups up to 60FE, as the 60xx of PS3.6 may be read, is taken for one too.
 */
export const OVERLAY = {
  Rows: 0x0010,
  Columns: 0x0011,
  NumberOfFrames: 0x0015,
  Origin: 0x0050,
  ImageFrameOrigin: 0x0051,
  BitsAllocated: 0x0100,
  Data: 0x3000,
} as const;

/** The group number of a tag. */
export const groupOf = (tag: number): number => Math.floor(tag / 0x10000);

/** The element number of a tag. */
export const elementOf = (tag: number): number => tag % 0x10000;

/** The tag of an element in a group. */
export const tagOf = (group: number, element: number): number => group * 0x10000 + element;

/** The elements that hold the pixels of an image or an icon (PS3.3, C.7.6.24 and C.7.6.3). */
export const isPixelData = (tag: number): boolean =>
  tag === TAG.PixelData || tag === TAG.FloatPixelData || tag === TAG.DoubleFloatPixelData;

/** Variable Pixel Data, and the coefficients of a transform of pixels. */
const RETIRED_PIXEL_DATA = [0x0010, 0x0020, 0x0030, 0x0040];

/**
 * The elements of the even groups 7F00 to 7FFE that held pixels, or what they can be computed from, and are retired
 * (PS3.6, section 6); all but Pixel Data itself.
 */
export const isRetiredPixelData = (tag: number): boolean =>
  groupOf(tag) >= 0x7f00 &&
  groupOf(tag) <= 0x7fff &&
  groupOf(tag) % 2 === 0 &&
  RETIRED_PIXEL_DATA.includes(elementOf(tag)) &&
  tag !== TAG.PixelData;

/** Group Length, element 0000 of any group (PS3.5, section 7.2). */
export const isGroupLength = (tag: number): boolean => elementOf(tag) === 0;

/** A tag as people write it: `(0008,0018)`. */
export function formatTag(tag: number): string {
  const digits = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}
