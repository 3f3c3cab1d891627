"""What pydicom and gdcm read in DICOM files: a list of requests comes as JSON on standard input, the answers go out so.

Each request names a file ("path") and may name another one and the areas in which the two differ
("original", "covered": frame, x, y, width, height, frames counted from 1).
"""

import hashlib
import json
import sys
import warnings

import gdcm
import numpy
import pydicom

warnings.simplefilter("ignore")


def stored_values(dataset):
    """The stored values by frame, row, column, sample, without what lies in the unused upper bits."""
    cells = dataset.pixel_array
    unused = 8 * cells.itemsize - dataset.BitsStored
    values = (cells << unused) >> unused
    samples = dataset.get("SamplesPerPixel", 1)
    return values.reshape(-1, dataset.Rows, dataset.Columns, samples)


def elements(dataset):
    """The data set's elements as text, nested ones within, pixel data and group lengths aside."""
    kept = (element for element in dataset if element.tag != 0x7FE00010 and element.tag.element != 0)
    return {f"{element.tag.group:04x}{element.tag.element:04x}": text(element) for element in kept}


def text(element):
    if element.VR == "SQ":
        return [elements(item) for item in element.value]
    return "" if element.is_empty else str(element.value)


def gdcm_buffer(path):
    """The pixel data of all frames as gdcm decodes them."""
    reader = gdcm.ImageReader()
    reader.SetFileName(path)
    if not reader.Read():
        raise ValueError("gdcm cannot read it")
    return reader.GetImage().GetBuffer().encode("utf-8", errors="surrogateescape")


def difference(values, original, covered):
    """Samples that differ outside the covered areas, and inside them."""
    differs = values != original
    inside = 0
    for frame, x, y, width, height in covered:
        area = differs[frame - 1, y : y + height, x : x + width]
        inside += int(area.sum())
        area[:] = False
    return {"outside": int(differs.sum()), "inside": inside}


def read(request):
    dataset = pydicom.dcmread(request["path"], force=True)
    values = stored_values(dataset)
    stored_bytes = numpy.ascontiguousarray(values).tobytes()
    answer = {
        "values": hashlib.sha256(stored_bytes).hexdigest(),
        "elements": elements(dataset),
        "instance": dataset.file_meta.get("MediaStorageSOPInstanceUID"),
    }
    if not dataset.file_meta.TransferSyntaxUID.is_compressed:
        answer["length"] = len(stored_bytes)
        answer["pixelData"] = hashlib.sha256(dataset.PixelData[: len(stored_bytes)]).hexdigest()
        answer["byGdcm"] = hashlib.sha256(gdcm_buffer(request["path"])).hexdigest()
    if "original" in request:
        original = stored_values(pydicom.dcmread(request["original"], force=True))
        answer.update(difference(values, original, request["covered"]))
    return answer


def answer(request):
    try:
        return read(request)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


json.dump([answer(request) for request in json.load(sys.stdin)], sys.stdout)
