"""What pydicom and gdcm read in DICOM files: a list of requests comes as JSON on standard input, the answers go out so.

Each request names a file ("path"). Where it names another one too, and the areas in which the two may differ
("original", "covered": frame, x, y, width, height, frames counted from 1), the answer is the difference.
"""

import hashlib
import json
import os
import sys
import warnings

import gdcm
import numpy
import pydicom

warnings.simplefilter("ignore")
gdcm.Trace.WarningOff()
gdcm.Trace.ErrorOff()


def stored_values(dataset):
    """The stored values by frame, row, column, sample, without what lies in the unused upper bits."""
    is_bytes_in_words = dataset.BitsAllocated == 8 and dataset["PixelData"].VR == "OW"
    if is_bytes_in_words and not dataset.is_little_endian:
        # pydicom leaves these words as they lie (PS3.5, section A.3, swaps them), dcmtk and gdcm do not.
        dataset.PixelData = numpy.frombuffer(dataset.PixelData, "u2").byteswap().tobytes()
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
        cells = numpy.frombuffer(dataset.PixelData[: len(stored_bytes)], f"u{values.itemsize}")
        is_little = dataset.is_little_endian
        answer["pixelData"] = hashlib.sha256((cells if is_little else cells.byteswap()).tobytes()).hexdigest()
        # Native pixels of fewer than 8 bits in bytes end gdcm.
        if dataset.BitsAllocated != 8 or dataset.BitsStored == 8:
            answer["byGdcm"] = hashlib.sha256(gdcm_buffer(request["path"])).hexdigest()
    return answer


def compare(request):
    values, original = [stored_values(pydicom.dcmread(request[of], force=True)) for of in ["path", "original"]]
    return difference(values, original, request["covered"])


def answer(request):
    """Asks a process of its own: what gdcm cannot decode may end it."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            reply = compare(request) if "original" in request else read(request)
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        with os.fdopen(sender, "w") as pipe:
            json.dump(reply, pipe)
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as pipe:
        reply = pipe.read()
    os.waitpid(child, 0)
    return json.loads(reply) if reply else {"error": "it ended the program"}


json.dump([answer(request) for request in json.load(sys.stdin)], sys.stdout)
