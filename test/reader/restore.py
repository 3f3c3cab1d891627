#!/usr/bin/env python3
"""Restores protected DICOM pictures: a second reader, written from FORMAT.md alone.

    restore.py protected.dcm (--passphrase-file F | --identity F) [--out restored.raw] [--report-out F]

Numbers in brackets, [3], are sections of FORMAT.md. Prints one line of JSON; `code` is `restored`,
`not-protected`, `wrong-key`, `damaged`, `altered` or `unsupported-version`. The raw output holds the cells
of all frames, little-endian, the samples of a pixel side by side; it is written only where every protected
frame is restored bit for bit. Needs numpy, pydicom, cryptography, the `age` command and CharLS 2.
"""

import argparse
import ctypes
import ctypes.util
import hashlib
import hmac
import json
import os
import pty
import struct
import subprocess
import sys
import tempfile
import unicodedata
import zlib
from collections import namedtuple
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pydicom
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Refused(Exception):
    """Why a picture is not restored: a code, and what is known of it."""

    def __init__(self, code, message, **details):
        super().__init__(message)
        self.code, self.details = code, details


# ---------------------------------------------------------------------------------------- [1] Pictures


@dataclass
class Kind:
    """What the frames of a file have in common."""

    bits: int  # Bits Stored
    signed: bool
    padding: tuple  # smallest and largest code of Pixel Padding, or ()
    ranks: np.ndarray  # of PALETTE COLOR: rank of each value; None elsewhere

    def codes(self, cells):
        """The stored bits, the highest of them flipped where the picture is signed."""
        stored = cells.astype(np.int64) & ((1 << self.bits) - 1)
        return stored ^ (1 << (self.bits - 1)) if self.signed else stored

    def stored(self, codes):
        return codes ^ (1 << (self.bits - 1)) if self.signed else codes

    def sign_extended(self, stored):
        half = 1 << (self.bits - 1)
        return (stored ^ half) - half

    def map_stored(self, cells, table):
        """The cells with their stored values looked up in a table, upper bits kept."""
        mask = (1 << self.bits) - 1
        return (cells & ~cells.dtype.type(mask)) | table[cells & mask].astype(cells.dtype)


def read_frames(dataset):
    """The cells of every frame, as unsigned numbers: frame, row, column, sample."""
    samples = dataset.get("SamplesPerPixel", 1)
    frames = int(dataset.get("NumberOfFrames", 1) or 1)
    pixels = dataset.pixel_array.reshape(frames, dataset.Rows, dataset.Columns, samples)
    unsigned = np.uint8 if dataset.BitsAllocated == 8 else np.uint16
    return np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("="))).view(unsigned)


def read_kind(dataset):
    kind = Kind(dataset.BitsStored, dataset.get("PixelRepresentation", 0) == 1, (), None)
    if "PixelPaddingValue" in dataset:
        value = dataset.PixelPaddingValue
        limits = np.array([value, dataset.get("PixelPaddingRangeLimit", value)])
        kind.padding = tuple(sorted(kind.codes(limits).tolist()))
    if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        kind.ranks = palette_ranks(dataset, kind.bits)
    return kind


def palette_ranks(dataset, bits):
    """Values ranked by 299 R + 587 G + 114 B of their colour, equal ones by value."""
    weight = 0
    for name, factor in (("Red", 299), ("Green", 587), ("Blue", 114)):
        entries, first, depth = getattr(dataset, f"{name}PaletteColorLookupTableDescriptor")
        entries = entries or 65536
        data = getattr(dataset, f"{name}PaletteColorLookupTableData")
        wide = depth == 16 or len(data) >= 2 * entries
        order = "<u2" if dataset.is_little_endian else ">u2"
        table = np.frombuffer(data, order if wide else "u1", count=entries).astype(np.int64)
        weight = weight + factor * table[np.clip(np.arange(1 << bits) - first, 0, entries - 1)]
    ranks = np.empty(1 << bits, np.int64)
    ranks[np.argsort(weight, kind="stable")] = np.arange(1 << bits)
    return ranks


# -------------------------------------------------------------------------------------- [2] The symbol

FINDER = np.array([[max(abs(x - 3), abs(y - 3)) != 2 for x in range(7)] for y in range(7)])


def thresholds(codes, padding):
    """The middles to split the picture at; the last ones are for pictures that something was drawn on."""
    values = np.unique(codes)
    inside = values[(values < padding[0]) | (values > padding[1])] if padding else values[:0]
    pairs = [(values[0], values[-1])]
    if len(inside):
        pairs.append((inside[0], inside[-1]))
    if len(values) > 1:
        pairs += [(values[1], values[-1]), (values[0], values[-2]), (values[1], values[-2])]
    ordered = np.sort(codes, axis=None)
    strays = [stray for stray in (16, 128, 1024, 8192) if 2 * stray < ordered.size]
    pairs += [(ordered[stray], ordered[-1 - stray]) for stray in strays]
    return list(dict.fromkeys((int(low) + int(high) + 1) // 2 for low, high in pairs if low < high))


def finder_patterns(bits):
    """(x, y, m, value of the dark modules) of the finder patterns."""
    height, width = bits.shape
    starts = np.ones((height, width), bool)
    starts[:, 1:] = bits[:, 1:] != bits[:, :-1]
    starts = np.flatnonzero(starts)
    run = np.diff(np.append(starts, height * width))
    row = starts // width
    m = run[:-4]
    hit = (run[1:-3] == m) & (run[2:-2] == 3 * m) & (run[3:-1] == m) & (run[4:] == m) & (row[:-4] == row[4:])
    hits = {(int(s) // width, int(s) % width, int(k)) for s, k in zip(starts[:-4][hit], m[hit])}
    found = set()
    for y, x, m in hits:
        if (y - 1, x, m) in hits:
            continue  # the row above stands for this one
        dark = bits[y, x]
        drawn = np.kron(FINDER, np.ones((m, m), bool))
        # The row is one of the 3 m in the pattern's middle.
        tops = [top for top in range(y - 5 * m + 1, y - 2 * m + 1) if 0 <= top <= height - 7 * m]
        shares = [np.mean((bits[top : top + 7 * m, x : x + 7 * m] == dark) == drawn) for top in tops]
        if shares and max(shares) >= 0.85:
            found.add((x, tops[int(np.argmax(shares))], m, int(dark)))
    return sorted(found)


def symbol_squares(patterns):
    """(x, y, m, n) of the squares that have two of the patterns in their corners, upright ones first."""
    upright, turned = [], []
    for i, (x1, y1, m, dark) in enumerate(patterns):
        for x2, y2, m2, dark2 in patterns[i + 1 :]:
            dx, dy = x2 - x1, y2 - y1  # dx >= 0: the patterns are sorted
            side = max(dx, abs(dy))
            n = side // m + 7
            if (m, dark) != (m2, dark2) or side % m or not 21 <= n <= 177 or n % 4 != 1:
                continue
            if dy == 0:
                upright.append((x1, y1, m, n))
                turned.append((x1, y1 - side, m, n))
            elif dx == 0:
                upright.append((x1, y1, m, n))
                turned.append((x1 - side, y1, m, n))
            elif dx == abs(dy):
                upright.append((x1, min(y1, y2), m, n))
    return list(dict.fromkeys(upright + turned))


# Squares that are tried where a symbol has one finder pattern left, at most.
MAX_LONE_SQUARES = 1024


def lone_squares(patterns, width, height):
    """(x, y, m, n) of the squares, quiet zones inside the picture, that any one pattern can be a corner of."""
    return [
        (left, top, m, n)
        for x, y, m, _ in patterns
        for n in range(21, 178, 4)
        for left in (x, x - (n - 7) * m)
        for top in (y, y - (n - 7) * m)
        if left >= 4 * m and top >= 4 * m and left + (n + 4) * m <= width and top + (n + 4) * m <= height
    ]


def turn(array, way):
    """One of the eight orientations: `way % 4` quarter turns, mirrored from 4 on."""
    turned = np.rot90(array, way % 4)
    return turned[:, ::-1] if way >= 4 else turned


def turn_square(x, y, side, width, height, way):
    """Where the first pixel of a square comes to lie."""
    for _ in range(way % 4):
        x, y, width, height = y, width - x - side, height, width
    return (width - x - side, y) if way >= 4 else (x, y)


def window(array, x, y, width, height):
    """A part of a picture; zeros where it lies outside."""
    part = np.zeros((height, width) + array.shape[2:], array.dtype)
    x0, x1 = max(x, 0), min(x + width, array.shape[1])
    y0, y1 = max(y, 0), min(y + height, array.shape[0])
    if x0 < x1 and y0 < y1:
        part[y0 - y : y1 - y, x0 - x : x1 - x] = array[y0:y1, x0:x1]
    return part


def locate(cells, kind):
    """The picture turned and laid so that it matches its header, the header, and `n`."""
    codes = kind.codes(cells)
    height, width = codes.shape[:2]
    squares, lone = [], []
    for threshold in thresholds(codes[:, :, 0], kind.padding):
        bits = codes[:, :, 0] >= threshold
        columns = [(x, y, m, dark) for y, x, m, dark in finder_patterns(bits.T)]
        patterns = sorted({*finder_patterns(bits), *columns})
        new = symbol_squares(patterns)
        found = find_header(codes, new)
        if found:
            return lay(turn(cells, found[0]), *found[1:]), found[1], found[-1]
        squares += new
        lone += lone_squares(patterns, width, height)
    found = find_header(codes, list(dict.fromkeys(lone))[:MAX_LONE_SQUARES])
    if found:
        return lay(turn(cells, found[0]), *found[1:]), found[1], found[-1]
    if squares:
        raise Refused("damaged", "there is a symbol without a readable header")
    raise Refused("not-protected", "there is no symbol")


def find_header(codes, squares):
    """The way the picture was turned, the header under a square, its place and size; None where there is none."""
    height, width = codes.shape[:2]
    for way in range(8):
        for x, y, m, n in squares:
            zone = (n + 8) * m
            x0, y0 = x - 4 * m, y - 4 * m
            header = read_header(turn(window(codes, x0, y0, zone, zone), way).reshape(zone, -1) & 1)
            if header:
                return way, header, *turn_square(x0, y0, zone, width, height, way), m, n
    return None


def lay(cells, header, left, top, m, n):
    """The picture on a canvas of the header's size, the quiet zone found where the header says."""
    zones = [quiet_zone(area, n) for area in header.areas]
    offsets = [(left - x, top - y) for x, y, size in zones if size == m]
    if not offsets:
        raise Refused("damaged", "the symbol's size is not what the header says")
    # With several areas, the one that needs no moving, or else moves the picture least.
    x, y = min(offsets, key=lambda offset: abs(offset[0]) + abs(offset[1]))
    return window(cells, x, y, header.width, header.height)


def quiet_zone(area, n):
    """First pixel and `m` of the symbol in a covered area."""
    x, y, width, height = area
    m = min(width, height) // (n + 8)
    return x + (width - (n + 8) * m) // 2, y + (height - (n + 8) * m) // 2, m


# -------------------------------------------------------------------------------------- [3] The header


Header = namedtuple(
    "Header",
    "raw flags t width height lower upper salt commitment envelope_length data_segments parity_segments areas",
)  # `raw` are its bytes with the CRC-32


def header_starts(rows, row):
    """Where the copies begin among the samples of a square of `rows` rows of `row` samples."""
    return [k * (rows // 3 * row + row // 3) for k in range(3)]


def read_header(bits):
    """The header in the lowest bits under a symbol (rows by samples), or None."""
    starts = header_starts(*bits.shape)
    length = min(starts[1], bits.size - starts[2]) // 8 * 8  # copies do not overlap
    copies = [bits.reshape(-1)[start : start + length] for start in starts]
    majority = (copies[0] + copies[1] + copies[2]) >= 2
    for copy in [*copies, majority]:
        data = np.packbits(copy.astype(np.uint8)).tobytes()
        if len(data) < 64 or data[:4] != b"KAP1":
            continue
        length = 56 + 8 * data[7]
        if len(data) >= length and zlib.crc32(data[: length - 4]) == struct.unpack_from(">I", data, length - 4)[0]:
            return parse_header(data[:length])
    return None


def parse_header(data):
    version, flags, t, count, width, height, lower, upper, salt, commitment, envelopes, k, p = struct.unpack_from(
        ">4B4H16s16sH2B", data, 4
    )
    if version != 1 or flags & ~2:
        raise Refused("unsupported-version", f"version {version}, flags {flags}")
    areas = [struct.unpack_from(">4H", data, 52 + 8 * i) for i in range(count)]
    inside = all(w and h and x + w <= width and y + h <= height for x, y, w, h in areas)
    if not (1 <= t <= 14 and 1 <= count <= 16 and k >= 1 and k + p <= 255 and inside):
        raise Refused("damaged", "the header contradicts itself")
    return Header(data, flags, t, width, height, lower, upper, salt, commitment, envelopes, k, p, areas)


# --------------------------------------------------------------------------------------- [4] The vault


def carrier_order(header, samples):
    """Numbers of the samples of the covered areas, band by band, in a band column by column."""
    total = sum(width * height for _, _, width, height in header.areas)
    highest = 4
    while highest * highest * (header.data_segments + header.parity_segments) < total:
        highest += 1
    order = []
    for x, y, width, height in header.areas:
        bands = -(-height // highest)
        for band in range(bands):
            rows = np.arange(y + band * height // bands, y + (band + 1) * height // bands)
            columns = np.arange(x, x + width)
            order.append((rows[None, :] * header.width + columns[:, None]).reshape(-1))
    pixels = np.concatenate(order)
    return (pixels[:, None] * samples + np.arange(samples)).reshape(-1)


def header_samples(header, n, samples):
    """Numbers of the samples that hold a header bit: three copies under each symbol."""
    numbers = np.arange(header.width * header.height * samples).reshape(header.height, header.width, samples)
    held = []
    for area in header.areas:
        x, y, m = quiet_zone(area, n)
        zone = numbers[y : y + (n + 8) * m, x : x + (n + 8) * m].reshape((n + 8) * m, -1)
        starts = header_starts(*zone.shape)
        held += [zone.reshape(-1)[start : start + 8 * len(header.raw)] for start in starts]
    return np.concatenate(held)


def read_vault(codes, header, n):
    samples = codes.shape[2]
    order = carrier_order(header, samples)
    code = codes.reshape(-1)[order]
    payload = np.where(code >= header.upper, code - header.upper, code - header.lower)
    payload[(payload < 0) | (payload >= 1 << header.t)] = 0
    bits = (payload[:, None] >> np.arange(header.t - 1, -1, -1) & 1).astype(np.uint8)
    counts = np.ones(bits.shape, bool)
    counts[np.isin(order, header_samples(header, n, samples)), -1] = False
    bits = bits[counts]
    return np.packbits(bits[: len(bits) // 8 * 8]).tobytes()


def thirds(vault):
    """The vault from each copy of the envelope list to the next."""
    third = len(vault) // 3
    return vault[:third], vault[third : 2 * third], vault[2 * third :]


def read_segments(vault, header):
    """The contents of data and parity segments, None for the lost ones."""
    rest = b"".join(part[header.envelope_length :] for part in thirds(vault))
    count = header.data_segments + header.parity_segments
    length = len(rest) // count - 4
    if length < 1:
        raise Refused("damaged", "the vault is too small for its segments")
    segments = []
    for number in range(count):
        content = rest[number * (length + 4) :][:length]
        checksum = rest[number * (length + 4) + length :][:4]
        whole = zlib.crc32(bytes([number]) + content).to_bytes(4, "big") == checksum
        segments.append(np.frombuffer(content, np.uint8) if whole else None)
    return segments


EXP = [1] * 255
for _i in range(1, 255):
    EXP[_i] = EXP[_i - 1] << 1 ^ (0x11D if EXP[_i - 1] & 0x80 else 0)
LOG = {value: exponent for exponent, value in enumerate(EXP)}


def inverse(a):
    return EXP[-LOG[a] % 255]


def times(a, data):
    """A number times each byte, in GF(2^8)."""
    return np.array([0] + [EXP[(LOG[a] + LOG[b]) % 255] for b in range(1, 256)], np.uint8)[data]


def repair(segments, k):
    """The joined data segments, lost ones from parity: Gauss-Jordan elimination over GF(2^8)."""
    lost = [j for j in range(k) if segments[j] is None]
    parity = [i for i in range(len(segments) - k) if segments[k + i] is not None][: len(lost)]
    if len(parity) < len(lost):
        raise Refused("damaged", f"{len(lost)} segments are lost, parity repairs {len(parity)}")
    matrix = np.array([[inverse((k + i) ^ j) for j in lost] for i in parity], np.uint8)
    sums = []
    for i in parity:
        total = segments[k + i]
        for j in range(k):
            if segments[j] is not None:
                total = total ^ times(inverse((k + i) ^ j), segments[j])
        sums.append(total)
    for pivot in range(len(lost)):  # Every square part of a Cauchy matrix is regular: no pivot is 0.
        scale = inverse(int(matrix[pivot, pivot]))
        matrix[pivot], sums[pivot] = times(scale, matrix[pivot]), times(scale, sums[pivot])
        for other in range(len(lost)):
            factor = int(matrix[other, pivot])
            if other != pivot and factor:
                matrix[other] ^= times(factor, matrix[pivot])
                sums[other] = sums[other] ^ times(factor, sums[pivot])
    data = list(segments[:k])
    for j, content in zip(lost, sums):
        data[j] = content
    return np.concatenate(data).tobytes(), len(lost)


# ----------------------------------------------------------------------------------------- [5] The key


def read_envelope_list(vault, header):
    a, b, c = (np.frombuffer(part[: header.envelope_length], np.uint8) for part in thirds(vault))
    for copy in (a, b, c, a & b | b & c | a & c):
        if parse_envelopes(copy.tobytes()):
            return copy.tobytes()
    raise Refused("damaged", "all three copies of the envelope list are damaged")


def parse_envelopes(data):
    """The envelopes of a whole list, or None."""
    if len(data) < 5 or zlib.crc32(data[:-4]).to_bytes(4, "big") != data[-4:]:
        return None
    envelopes, at = [], 1
    for _ in range(data[0]):
        size = int.from_bytes(data[at : at + 2], "big")
        envelopes.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    return envelopes if at == len(data) - 4 and 1 <= len(envelopes) <= 3 else None


def is_cheap(envelope):
    """Whether an age header asks for no more work than a reader should do."""
    stanzas = [line.split() for line in envelope.split(b"\n---", 1)[0].split(b"\n") if line.startswith(b"-> ")]
    hard = [s for s in stanzas if s[1:2] == [b"scrypt"] and not (len(s) == 4 and s[3].isdigit() and int(s[3]) <= 18)]
    return len(stanzas) <= 64 and not hard


@lru_cache(maxsize=None)
def open_envelope(envelope, passphrase, identity):
    """The content key, or None."""
    if not is_cheap(envelope):
        return None
    with tempfile.TemporaryDirectory() as folder:
        sealed, opened = os.path.join(folder, "sealed"), os.path.join(folder, "opened")
        with open(sealed, "wb") as file:
            file.write(envelope)
        if identity is not None:
            command = ["age", "--decrypt", "--identity", identity, "--output", opened, sealed]
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        elif b"\n-> scrypt " in envelope:
            type_passphrase(["age", "--decrypt", "--output", opened, sealed], passphrase)
        if not os.path.exists(opened):
            return None
        with open(opened, "rb") as file:
            key = file.read()
    return key if len(key) == 32 else None


def type_passphrase(command, passphrase):
    """age takes a passphrase from a terminal only: runs it in one."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    asked = False
    try:
        while output := os.read(terminal, 1024):
            if not asked and b"assphrase" in output:
                asked = True
                os.write(terminal, passphrase + b"\n")
    except OSError:
        pass  # Linux says so at the end of a terminal.
    os.close(terminal)
    os.waitpid(pid, 0)


def derive(content_key, salt, purpose, length=32):
    info = b"key-area-protection/1 " + purpose.encode()
    return HKDF(hashes.SHA256(), length, salt, info).derive(content_key)


def keystream(key, length):
    return Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(length))


def find_content_key(envelopes, header, passphrase, identity):
    for envelope in envelopes:
        key = open_envelope(envelope, passphrase, identity)
        if key and hmac.compare_digest(derive(key, header.salt, "commitment", 16), header.commitment):
            return key
    raise Refused("wrong-key", "the key opens no envelope")


# ------------------------------------------------------------------------------------- [6] The payload


def read_sections(payload):
    sections, at = {}, 0
    while payload[at] != 0:
        kind, length = struct.unpack_from(">BI", payload, at)
        if kind > 9 or kind in sections:
            raise Refused("damaged", "a section is unknown or comes twice")
        sections[kind] = payload[at + 5 : at + 5 + length]
        at += 5 + length
    return sections


def inflate(data, limit=1 << 28):
    return zlib.decompressobj(-15).decompress(data, limit)


def decode_jpeg_ls(stream, size):
    """Decodes with CharLS 2; its result is plane after plane."""
    library = ctypes.CDLL(ctypes.util.find_library("charls") or "libcharls.so.2")
    library.charls_jpegls_decoder_create.restype = ctypes.c_void_p
    decoder = ctypes.c_void_p(library.charls_jpegls_decoder_create())
    output = ctypes.create_string_buffer(size)
    try:
        error = (
            library.charls_jpegls_decoder_set_source_buffer(decoder, stream, ctypes.c_size_t(len(stream)))
            or library.charls_jpegls_decoder_read_header(decoder)
            or library.charls_jpegls_decoder_decode_to_buffer(decoder, output, ctypes.c_size_t(size), ctypes.c_uint32(0))
        )
    finally:
        library.charls_jpegls_decoder_destroy(decoder)
    if error:
        raise Refused("damaged", f"CharLS reports error {error}")
    return output.raw


def decode_area(coding, width, height, samples, bits):
    """The codes of an area: row, column, sample; and what follows them."""
    minimum, precision, is_jpeg_ls, length = struct.unpack_from(">HBBI", coding)
    stream, rest = coding[8 : 8 + length], coding[8 + length :]
    word = np.dtype("u1" if precision <= 8 else "<u2")
    if is_jpeg_ls:
        stream = decode_jpeg_ls(stream, width * height * samples * word.itemsize)
    planes = np.frombuffer(stream, word).astype(np.int64).reshape(samples, height, width)
    if samples == 1:
        return planes[0][:, :, None] + minimum, rest
    half, mask = 1 << (bits - 1), (1 << bits) - 1
    green, red, blue = planes[0], planes[1] - half, planes[2] - half
    return np.stack([red + green & mask, green, blue + green & mask], axis=2), rest


def put_back(cells, section, header, kind, scramble_key):
    """Writes the original samples back; undoes scrambling [7]."""
    height, width, samples = cells.shape
    result, upper = cells.astype(np.int64), section[0]
    mask = (1 << kind.bits) - 1
    covered = np.zeros((height, width, 1), bool)
    little = cells.dtype.newbyteorder("<")
    at = 1
    for x, y, w, h in header.areas:
        length = int.from_bytes(section[at : at + 4], "big")
        codes, rest = decode_area(section[at + 4 : at + 4 + length], w, h, samples, kind.bits)
        at += 4 + length
        area = kind.stored(codes)
        if upper == 2:
            area = area | np.frombuffer(inflate(rest), little).reshape(h, w, samples).astype(np.int64) << kind.bits
        result[y : y + h, x : x + w] = area
        covered[y : y + h, x : x + w] = True
    if scramble_key:
        stream = keystream(scramble_key, result.size * cells.itemsize)
        masks = np.frombuffer(stream, little).reshape(cells.shape).astype(np.int64) & mask
        result = np.where(covered, result, result ^ masks)
    if upper == 0:
        result &= mask
    elif upper == 1:
        result = kind.sign_extended(result & mask)
    return result.astype(cells.dtype), covered[:, :, 0], upper


def for_hash(cells, kind, upper):
    """The cells as they are hashed: upper bits made regular unless they are `other`."""
    if upper == 2:
        return cells
    stored = cells.astype(np.int64) & ((1 << kind.bits) - 1)
    return (kind.sign_extended(stored) if kind.signed else stored).astype(cells.dtype)


def altered_blocks(section, values, covered, key):
    """The blocks (x, y, width, height) whose tag is wrong."""
    height, width, samples = values.shape
    side = int.from_bytes(section[:4], "big")
    tags = np.frombuffer(section, ">u4", offset=4).tolist()
    row = min(side, width)
    words = np.frombuffer(keystream(key, 4 * min(side, height) * row * samples), "<u4").astype(np.uint64)
    words = words.reshape(-1, row, samples)
    wrong, prime = [], np.uint64(2**32 - 5)
    for y in range(0, height, side):
        for x in range(0, width, side):
            free = ~covered[y : y + side, x : x + side, None]
            if not free.any():
                continue
            block = values[y : y + side, x : x + side].astype(np.uint64) + np.uint64(1)
            h, w = block.shape[:2]
            tag = int((block * words[:h, :w] % prime * free).sum() % prime)
            if tag != tags.pop(0):
                wrong.append([x, y, w, h])
    return wrong


# ------------------------------------------------------------------------- [8] The surroundings carrier

COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 40, 48]


def site_path(codes, site, padding):
    """The pixels of a path, its samples, and which of these count."""
    height, width, samples = codes.shape
    pixels = np.arange(height * width)
    if site & 1:
        pixels = pixels[::-1]
    if site >= 2:
        pixels = pixels % height * width + pixels // height
    path = (pixels[:, None] * samples + np.arange(samples)).reshape(-1)
    values = codes.reshape(-1)[path]
    free = (values | 1 < padding[0]) | (values & ~1 > padding[1]) if padding else np.ones(len(path), bool)
    return pixels, path, free


def find_surroundings(codes, kind):
    """Header, site and padding; None where there is no header."""
    height, width = codes.shape[:2]
    ends = int(codes.flat[0]), int(codes.flat[-1])
    for padding in (kind.padding, (), (ends[0], ends[0]), (ends[1], ends[1])):
        for site in range(4):
            _, path, free = site_path(codes, site, padding)
            bits = codes.reshape(-1)[path[free][: 8 * (56 + 8 * 16)]] & 1
            raw = np.packbits(bits.astype(np.uint8)).tobytes()
            if len(raw) < 56 or raw[:4] != b"KAP1" or not raw[5] & 1:
                continue
            raw = raw[: 56 + 8 * raw[7]]
            if zlib.crc32(raw[:-4]) != int.from_bytes(raw[-4:], "big"):
                continue
            if raw[4] != 1 or raw[5] != 1:
                raise Refused("unsupported-version", f"version {raw[4]}, flags {raw[5]}")
            fields = struct.unpack_from(">4B4H16s16sH2B", raw, 4)
            areas = [struct.unpack_from(">4H", raw, 52 + 8 * k) for k in range(raw[7])]
            header = Header(raw, fields[1], fields[2], *fields[4:], areas)
            named = (header.lower, header.upper) if header.lower <= header.upper else ()
            if (header.width, header.height) == (width, height) and named == tuple(padding):
                return header, site, padding
    return None


Parameters = namedtuple("Parameters", "signed values smoothing lengths odds runs size checksum")


def read_parameters(raw):
    """`runs` are those of both layers: levels, count, start of either side."""
    runs, at = [], 10
    for number in (raw[0] >> 1 & 7, raw[0] >> 4 & 7):
        words = [(raw[at + 2 * k], raw[at + 2 * k + 1]) for k in range(number)]
        runs.append([((a >> 4) + 1, COUNTS[a & 15], (b >> 4, b & 15)) for a, b in words])
        at += 2 * number
    lengths = int.from_bytes(raw[2:5], "big"), int.from_bytes(raw[5:8], "big")
    checksum = int.from_bytes(raw[at : at + 4], "big")
    return Parameters(raw[0] & 1, raw[0] >> 7, raw[1] - 128, lengths, (raw[8] + 1, raw[9] + 1), runs, at, checksum)


def predict(codes, smoothing):
    """Prediction and level of each sample that lies two or more pixels from the edges."""
    height, width = codes.shape[:2]

    def at(dx, dy):
        return codes[2 + dy : height - 2 + dy, 2 + dx : width - 2 + dx]

    west, east, north, south = at(-1, 0), at(1, 0), at(0, -1), at(0, 1)
    above, below = (at(-2, -1), at(2, -1)), (at(-2, 1), at(2, 1))
    left, right = (at(-1, -2), at(-1, 2)), (at(1, -2), at(1, 2))
    knights = [*above, *below, *left, *right]
    h = 2 * abs(west - east) + sum(abs(north - k) for k in above) + sum(abs(south - k) for k in below)
    v = 2 * abs(north - south) + sum(abs(west - k) for k in left) + sum(abs(east - k) for k in right)
    c = 2 * (west + east + north + south) - sum(knights)
    p = 8 * ((v + 2) * (west + east) + (h + 2) * (north + south)) // (h + v + 4) - (smoothing * c >> 6)
    squares = 8 * sum((16 * n - p) ** 2 for n in (west, east, north, south))
    q = np.floor(np.sqrt(squares + 4 * sum((16 * k - p) ** 2 for k in knights))).astype(np.int64) + 64
    o = np.floor(np.log2(q)).astype(np.int64)
    levels = np.minimum(71, 4 * (o - 6) + (q >> o - 2 & 3))
    margin = ((2, 2), (2, 2), (0, 0))
    return np.pad(p, margin), np.pad(levels, margin)


def probabilities(odds):
    share, result = 256 * odds, []
    for _ in range(48):
        result.append(max(16, share * 4096 // (65536 + share)))
        share = share * odds * odds // 65536
    return result


class Gatherer:
    """The encoder: `low` keeps all that was shifted, a virtual zero byte first, and 32 bits behind."""

    def __init__(self):
        self.low, self.range, self.shifted = 0, 1 << 24, 0

    def add(self, bit, p):
        bound = (self.range >> 12) * p
        if bit:
            self.range = bound
        else:
            self.low += bound
            self.range -= bound
        if self.range < 1 << 24:
            self.range <<= 8
            self.low <<= 8
            self.shifted += 1

    def bytes(self):
        return (-(-self.low >> 32)).to_bytes(self.shifted, "big")[1:]


def flags_of(coded):
    """The map's flags one by one: the decoder, zeros behind the last byte."""
    code, rest = int.from_bytes(coded[:3].ljust(3, b"\0"), "big"), iter(coded[3:])
    span, p = 1 << 24, 2048
    while True:
        bound = (span >> 12) * p
        flag = code < bound
        if flag:
            span = bound
        else:
            code, span = code - bound, span - bound
        if span < 1 << 24:
            span, code = span << 8, code << 8 | next(rest, 0)
        yield flag and bool(coded)
        p = min(4080, max(16, p + (4096 - p >> 4) if flag else p - (p >> 4)))


def whiten(data):
    state, result = 0x9E3779B9, bytearray()
    for byte in data:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        result.append(byte ^ state >> 24)
    return bytes(result)


def place(code, p, padding, largest):
    """Where a sample lies relative to its prediction: side, distance, room, and code by distance."""
    low, high = (0, largest)
    if padding:
        low, high = (0, padding[0] - 1) if code < padding[0] else (padding[1] + 1, largest)
    r = p + 8 >> 4
    rising = r - low <= high - r if r - low < 16 or high - r < 16 else p < 16 * r
    sign = 1 if rising else -1
    e = sign * (code - r)
    above, below = (high - r, r - low) if rising else (r - low, high - r)
    if e >= 0:
        return 0, e, above, lambda d: r + sign * d
    return 1, -e - 1, below - 1, lambda d: r - sign * (d + 1)


def extract_layer(codes, carriers, layer, parameters, padding, largest):
    """Takes a layer's data out of the codes, and gives its samples their own."""
    length = parameters.lengths[layer]
    if length == 0:
        return b""
    by_level = [(count, starts) for levels, count, starts in parameters.runs[layer] for _ in range(levels)]
    p, level = predict(codes, parameters.smoothing)
    chances = probabilities(parameters.odds[layer])
    gatherer, asked = Gatherer(), []
    for y, x, sample in np.argwhere(carriers):
        if (x + y & 1) != layer or level[y, x, sample] >= len(by_level):
            continue
        n, starts = by_level[level[y, x, sample]]
        side, d, room, code_at = place(int(codes[y, x, sample]), int(p[y, x, sample]), padding, largest)
        s = starts[side]
        if s == 15 or room < s + 3 * n or d < s:
            continue
        if d - s < 2 * n:
            m = d - s >> 1
            gatherer.add(d - s & 1, chances[m])
            codes[y, x, sample] = code_at(s + m)
            if gatherer.shifted > length:
                break
        elif d <= room - n:
            codes[y, x, sample] = code_at(d - n)
        else:
            asked.append(((y, x, sample), code_at(d - n)))
    if gatherer.shifted <= length:
        raise Refused("damaged", "a layer ends early")
    stream = whiten(gatherer.bytes())
    size, shift, at = 0, 0, 0
    while True:
        size |= (stream[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if stream[at - 1] < 128:
            break
    for (index, moved), stuck in zip(asked, flags_of(stream[at : at + size])):
        if not stuck:
            codes[index] = moved
    return stream[at + size :]


@lru_cache
def way_of(up, down, odds):
    """Offsets that a sample may have, and the probability that it goes on from each but the last."""
    offsets, weights, weight, share = [0], [65536], 65536, 256 * odds
    for d in range(1, max(up, down) + 1):
        weight, share = weight * share // 65536, share * odds * odds // 65536
        for offset in (d, -d):
            if -down <= offset <= up:
                offsets.append(offset)
                weights.append(weight)
    behind = [sum(weights[k + 1 :]) for k in range(len(weights) - 1)]
    chances = [min(4080, max(16, 4096 * b // max(1, b + w))) for b, w in zip(behind, weights)]
    return offsets, chances


def extract_values(codes, free, data, padding, largest):
    """Takes what values carry out of the codes, and gives its samples their own; and what follows their rules."""
    number = int.from_bytes(data[4:6], "big")
    if len(data) < 6 + 3 * number:
        raise Refused("damaged", "the rules for values are cut off")
    length, odds = int.from_bytes(data[:3], "big"), data[3] + 1
    origins, flat = {}, codes.reshape(-1)
    for k in range(number):
        code, way = int.from_bytes(data[6 + 3 * k : 8 + 3 * k], "big"), data[8 + 3 * k]
        offsets, chances = way_of(way >> 4, way & 15, odds)
        for j, offset in enumerate(offsets):
            bits, place = [1] * j + [0] * (j < len(chances)), code + offset
            if place in origins or not 0 <= place <= largest or padding and padding[0] <= place <= padding[1]:
                raise Refused("damaged", "a value moves where none may")
            origins[place] = code, list(zip(bits, chances))
    gatherer = Gatherer()
    for i in np.flatnonzero(free.reshape(-1)):
        if length == 0 or gatherer.shifted > length:
            break
        if int(flat[i]) not in origins:
            continue
        flat[i], steps = origins[int(flat[i])]
        for bit, chance in steps:
            gatherer.add(bit, chance)
            if gatherer.shifted > length:
                break
    if length and gatherer.shifted <= length:
        raise Refused("damaged", "the stream of the values ends early")
    return (whiten(gatherer.bytes()) if length else b"") + data[6 + 3 * number :]


def open_surroundings(cells, kind):
    """Header, envelope list and encrypted payload, and the cells as they were; None where there is nothing."""
    codes = kind.codes(cells)
    found = find_surroundings(codes, kind)
    if found is None:
        return None
    header, site, padding = found
    height, width, samples = codes.shape
    pixels, path, free = site_path(codes, site, padding)
    bits = np.flatnonzero(free)[: 8 * (len(header.raw) + 42)]
    if len(bits) < 8 * (len(header.raw) + 42):
        raise Refused("damaged", "the path of the header is too short")
    head = np.packbits((codes.reshape(-1)[path[bits]] & 1).astype(np.uint8)).tobytes()
    parameters = read_parameters(head[len(header.raw) :])

    blocked = np.zeros(codes.shape, bool)
    if padding:
        blocked |= (codes >= padding[0]) & (codes <= padding[1])
    for x, y, w, h in header.areas:
        blocked[y : y + h, x : x + w] = True
    blocked.reshape(-1, samples)[pixels[: bits[-1] // samples + 1]] = True
    carriers = np.zeros(codes.shape, bool)
    carriers[2:-2, 2:-2] = True
    for y in range(5):
        for x in range(5):
            carriers[2:-2, 2:-2] &= ~blocked[y : height - 4 + y, x : width - 4 + x]

    largest, own = (1 << kind.bits) - 1, codes.copy()
    second = extract_layer(own, carriers, 1, parameters, padding, largest)
    data = extract_layer(own, carriers, 0, parameters, padding, largest) + second
    displaced = len(header.raw) + parameters.size + 4
    if parameters.values:
        data = data[:displaced] + extract_values(own, ~blocked, data[displaced:], padding, largest)
    if zlib.crc32(head[: displaced - 4] + data) != parameters.checksum:
        raise Refused("damaged", "the checksum of the surroundings is wrong")
    places = path[bits[: 8 * displaced]]
    flat = own.reshape(-1)
    flat[places] = flat[places] & ~1 | np.unpackbits(np.frombuffer(data[:displaced], np.uint8))

    stored = kind.stored(own)
    upper = cells.astype(np.int64) & ~largest
    result = np.where(own == codes, cells, kind.sign_extended(stored) if parameters.signed else upper | stored)
    payload = data[displaced:]
    envelope_list = payload[: header.envelope_length]
    if parse_envelopes(envelope_list) is None:
        raise Refused("damaged", "the envelope list is damaged")
    return header, envelope_list, payload[header.envelope_length :], result.astype(cells.dtype)


# ------------------------------------------------------------------------------------------- Restoring


def undo(cells, kind, header, envelope_list, data, secret):
    """The cells that a payload gives back, its sections, and what was found out on the way."""
    key = find_content_key(parse_envelopes(envelope_list), header, *secret)
    try:
        payload = AESGCM(derive(key, header.salt, "payload")).decrypt(bytes(12), data, header.raw + envelope_list)
    except InvalidTag:
        raise Refused("damaged", "the payload does not decrypt") from None
    sections = read_sections(payload)
    scramble_key = derive(key, header.salt, "scramble") if header.flags & 2 else None
    restored, covered, upper = put_back(cells, sections[4], header, kind, scramble_key)
    facts = {
        "report": inflate(sections[6], 65536).decode(),
        "notice": sections[5].decode(),
        "coveredAreas": [list(area) for area in header.areas],
    }
    hashed = for_hash(restored, kind, upper)
    if hashlib.sha256(hashed.astype(hashed.dtype.newbyteorder("<")).tobytes()).digest() != sections[2]:
        values = restored if upper == 2 else kind.codes(restored)
        tag_key = derive(key, header.salt, "block tags")
        facts["alteredBlocks"] = altered_blocks(sections[8], values, covered, tag_key)
        raise Refused("altered", "the picture was altered outside the covered areas", **facts)
    return restored, sections, facts


def restore_frame(cells, kind, *secret):
    """The original cells of a frame, and what was found out on the way."""
    if kind.ranks is not None:
        cells = kind.map_stored(cells, kind.ranks)
    repaired = 0
    try:
        cells, header, n = locate(cells, kind)
    except Refused:
        carried = open_surroundings(cells, kind)
        if carried is None:
            raise
        header, envelope_list, data, cells = carried
    else:
        vault = read_vault(kind.codes(cells), header, n)
        data, repaired = repair(read_segments(vault, header), header.data_segments)
        envelope_list = read_envelope_list(vault, header)
    restored, sections, facts = undo(cells, kind, header, envelope_list, data, secret)
    if 9 in sections:
        low, high = struct.unpack(">HH", sections[9])
        carried = open_surroundings(restored, replace(kind, padding=(low, high) if low <= high else ()))
        if carried is None:
            raise Refused("damaged", "the surroundings carry nothing")
        header, envelope_list, data, cells = carried
        restored, sections, inner = undo(cells, kind, header, envelope_list, data, secret)
        if 9 in sections:
            raise Refused("damaged", "there is a third layer")
        facts = {**inner, "coveredAreas": facts["coveredAreas"]}
    if kind.ranks is not None:
        restored = kind.map_stored(restored, np.argsort(kind.ranks))
    return restored, {**facts, "repairedSegments": repaired}


def restore_file(path, passphrase, identity):
    """The cells of all frames as bytes, and what to print. Frames without a symbol stay as they are."""
    dataset = pydicom.dcmread(path, force=True)
    kind = read_kind(dataset)
    output, summary, protected = [], {}, 0
    for cells in read_frames(dataset):
        try:
            cells, facts = restore_frame(cells, kind, passphrase, identity)
        except Refused as refusal:
            if refusal.code != "not-protected":
                raise
        else:
            protected += 1
            facts["repairedSegments"] += summary.get("repairedSegments", 0)
            summary = {**facts, "coveredAreas": summary.get("coveredAreas", facts["coveredAreas"])}
        output.append(cells.astype(cells.dtype.newbyteorder("<")).tobytes())
    if not protected:
        raise Refused("not-protected", "no frame has a symbol")
    return b"".join(output), {**summary, "frames": len(output), "protectedFrames": protected}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    secret = parser.add_mutually_exclusive_group(required=True)
    secret.add_argument("--passphrase-file")
    secret.add_argument("--identity")
    parser.add_argument("--out")
    parser.add_argument("--report-out")
    options = parser.parse_args()
    passphrase = None
    if options.passphrase_file:
        with open(options.passphrase_file, encoding="utf-8", newline="") as file:
            # Composed characters (NFC) are what the writer gives to age.
            passphrase = unicodedata.normalize("NFC", file.read().rstrip("\r\n")).encode()
    try:
        output, facts = restore_file(options.file, passphrase, options.identity)
    except Refused as refusal:
        print(json.dumps({"ok": False, "code": refusal.code, "message": str(refusal), **refusal.details}))
        return 1
    if options.out:
        with open(options.out, "wb") as file:
            file.write(output)
    if options.report_out:
        with open(options.report_out, "w", encoding="utf-8") as file:
            file.write(facts["report"])
    print(json.dumps({"ok": True, "code": "restored", **facts}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
