"""Rewrites DICOM files with pydicom: the name of a change, then pairs of a file and the file to write."""

import sys
import warnings

import numpy
import pydicom
from PIL import Image
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

warnings.simplefilter("ignore")

GEOMETRY = """SamplesPerPixel PhotometricInterpretation NumberOfFrames Rows Columns BitsAllocated BitsStored
    HighBit PixelRepresentation RedPaletteColorLookupTableDescriptor GreenPaletteColorLookupTableDescriptor
    BluePaletteColorLookupTableDescriptor RedPaletteColorLookupTableData GreenPaletteColorLookupTableData
    BluePaletteColorLookupTableData""".split()


def without_private_elements(dataset, path):
    dataset.remove_private_tags()
    return dataset


def with_new_uids(dataset, path):
    """Every instance, series and study gets another UID, as when a copy is made for a trial."""
    for keyword in ["SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"]:
        setattr(dataset, keyword, generate_uid(entropy_srcs=[dataset.get(keyword, "")]))
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    return dataset


def de_identified(dataset, path):
    """The part of PS3.15's basic profile that touches what these files have."""
    dataset = with_new_uids(without_private_elements(dataset, path), path)
    for keyword in ["SourceImageSequence", "ContributingEquipmentSequence", "DerivationDescription"]:
        if keyword in dataset:
            del dataset[keyword]
    for keyword in ["PatientName", "PatientID", "StudyDate", "SeriesDescription"]:
        if keyword in dataset:
            setattr(dataset, keyword, "")
    dataset.PatientIdentityRemoved = "YES"
    return dataset


def as_picture(dataset, path):
    """Each frame becomes a PNG file and comes back from it; of the tags the geometry alone is left."""
    samples = dataset.SamplesPerPixel
    frames = dataset.pixel_array.reshape(-1, dataset.Rows, dataset.Columns, samples)
    back = []
    for number, frame in enumerate(frames):
        picture = f"{path}.{number}.png"
        codes = frame.view(f"u{frame.itemsize}")
        channels = [codes] if samples == 1 or codes.itemsize == 1 else numpy.split(codes, samples, axis=2)
        pixels = []
        for channel in channels:
            Image.fromarray(channel.squeeze()).save(picture)
            shape = channel.shape
            pixels.append(numpy.array(Image.open(picture)).astype(codes.dtype).reshape(shape))
        back.append(numpy.concatenate(pixels, axis=2))
    new = pydicom.Dataset()
    for keyword in GEOMETRY:
        if keyword in dataset:
            setattr(new, keyword, dataset.get(keyword))
    if samples > 1:
        new.PlanarConfiguration = 0
    new.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    new.SOPInstanceUID = generate_uid()
    cells = numpy.concatenate(back).tobytes()
    new.PixelData = cells + b"\0" * (len(cells) % 2)
    new["PixelData"].VR = "OW" if dataset.BitsAllocated > 8 else "OB"
    new.is_little_endian, new.is_implicit_VR = True, False
    new.file_meta = pydicom.dataset.FileMetaDataset()
    new.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return new


CHANGES = {
    "private": without_private_elements,
    "uids": with_new_uids,
    "de-identify": de_identified,
    "picture": as_picture,
}

change = CHANGES[sys.argv[1]]
for source, target in zip(sys.argv[2::2], sys.argv[3::2]):
    change(pydicom.dcmread(source), target).save_as(target, write_like_original=False)
