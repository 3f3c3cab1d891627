"""Decodes images for suggest.test.ts: FOLDER OUTPUT FILE... -> one line of JSON for each file decoded.

The first frame's cells go to OUTPUT/<number>.raw; a file that cannot be decoded is left out.
Needs pydicom with a decoder for the file (gdcm), numpy, and Pillow for PNG.
"""
import json
import sys
import warnings

import numpy
import pydicom
from PIL import Image
from pydicom.pixel_data_handlers import apply_color_lut, convert_color_space

warnings.simplefilter("ignore")
folder, output, *names = sys.argv[1:]


def decode(path):
    if path.endswith(".png"):
        return numpy.asarray(Image.open(path).convert("L")), {"bitsStored": 8, "signed": False, "inverted": False}
    image = pydicom.dcmread(path, force=True)
    pixels = image.pixel_array
    if int(image.get("NumberOfFrames") or 1) > 1:
        pixels = pixels[0]
    photometric = image.PhotometricInterpretation
    if photometric == "PALETTE COLOR":
        pixels = (apply_color_lut(pixels, image) >> 8).astype("u1")
    if photometric.startswith("YBR_FULL"):
        pixels = convert_color_space(pixels, photometric, "RGB")
    about = {
        "bitsStored": 8 if pixels.ndim == 3 else int(image.BitsStored),
        "signed": bool(image.PixelRepresentation),
        "inverted": photometric == "MONOCHROME1",
    }
    if "PixelPaddingValue" in image:
        padding = int(image.PixelPaddingValue)
        about["padding"] = {"minimum": padding, "maximum": padding}
    return pixels, about


for number, name in enumerate(names):
    try:
        pixels, about = decode(f"{folder}/{name}")
    except Exception as problem:
        print(f"{name}: {problem}", file=sys.stderr)
        continue
    pixels = numpy.ascontiguousarray(pixels)
    raw = f"{output}/{number}.raw"
    pixels.tofile(raw)
    size = {"height": pixels.shape[0], "width": pixels.shape[1], "samplesPerPixel": 3 if pixels.ndim == 3 else 1}
    print(json.dumps({"file": name, "raw": raw, "bytes": pixels.itemsize, **size, **about}))
