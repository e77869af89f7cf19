"""Files made to cost whoever checks them: each is small to send, and large, deep or slow to whoever believes it."""

import zlib

MEGABYTE = 1024 * 1024
ADDRESS = "/kontroll/00000000-0000-4000-8000-{:012d}/"
HEAD, TAIL = b"%PDF-1.7\n", b"\n%%EOF"


def stream(content, *, packed=True):
    return b"stream\n" + (zlib.compress(content, 9) if packed else content) + b"\nendstream\n"


def record(*, unit, begin=b"[", end=b"0]", size=2 * MEGABYTE):
    """JSON that begins as a record does, of about so many bytes."""
    count = (size - 100) // len(unit)
    return b'{"agreement":' + begin + unit * count + end + b"}"


def file_of(*contents, times=1):
    return HEAD + b"".join(map(stream, contents)) * times + TAIL


def _broken(content):
    """A stream that unpacks all of its content, and fails at the last bytes."""
    packed = bytearray(zlib.compress(content, 9))
    packed[-1] ^= 1
    return stream(bytes(packed), packed=False)


def _objects(bodies):
    return HEAD + b"".join(b"%d 0 obj\n%b\nendobj\n" % (n, body) for n, body in enumerate(bodies, 1)) + TAIL


def _endless_prev():
    """A chain of earlier versions that leads back to itself."""
    xref = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return HEAD + b"".join(xref % (len(HEAD), len(HEAD)) for _ in range(20_000))


def _seal_of(held):
    """A file with a signature over all of it, which is these bytes."""
    gap = b"<" + held.hex().upper().encode() + b">"
    said = b"/ByteRange [0 %010d %010d %010d]"
    begin = len(HEAD) + len(said % (0, 0, 0))
    return HEAD + said % (begin, begin + len(gap), len(TAIL)) + gap + TAIL


_empty_record = b'{"agreement":"x"}'

# What is found to be a draft says of itself that it is one: nothing rests on that.
FILES = {
    "63 MB of lists": lambda: file_of(record(unit=b"[],", size=63_000_000)),
    "63 MB of deep lists": lambda: file_of(record(unit=b"[" * 500 + b"]" * 500 + b",", size=63_000_000)),
    "2 MB of lists": lambda: file_of(record(unit=b"[],")),
    "2 MB of objects": lambda: file_of(record(unit=b'{"a":{}},')),
    "2 MB of strings": lambda: file_of(record(unit=b'"aa",')),
    "2 MB of escapes": lambda: file_of(record(unit=b"\\n", begin=b'"', end=b'"')),
    "2 MB of quotes that never end": lambda: file_of(record(unit=b'\\"', begin=b'"', end=b"")),
    "1 byte more than 2 MB": lambda: file_of(b'{"agreement":"' + b"x" * (2 * MEGABYTE - 15) + b'"}'),
    "an endless number": lambda: file_of(record(unit=b"9", begin=b"", end=b"")),
    "a deep list": lambda: file_of(b'{"agreement":' + b"[" * 100_000),
    "a deep object": lambda: file_of(b'{"agreement":' * 100_000),
    "a list as deep as may not be": lambda: file_of(b'{"agreement":' + b"[" * 32 + b"]" * 32 + b"}"),
    "the same key again and again": lambda: file_of(b'{"agreement":1' + b',"salt":1' * 50_000 + b"}"),
    "half a character": lambda: file_of(b'{"agreement":"\\ud800","whole_sha256":"\\udfff"}'),
    "no text at all": lambda: file_of(b'{"agreement":"\xff\xfe"}'),
    "many records": lambda: file_of(record(unit=b'{"aa":1},', size=300_000), times=200),
    "many streams": lambda: file_of(_empty_record, times=20_000),
    "many large streams": lambda: file_of(b"\0" * 30 * MEGABYTE, times=100),
    "streams broken at their end": lambda: HEAD + (_broken(b"\0" * 1_900_000) + TAIL) * 1_000,
    "streams that are none": lambda: HEAD + stream(b"x", packed=False) * 100_000,
    "20 MB of beginnings": lambda: HEAD + b"stream\n" * 2_900_000,
    "20 MB of near beginnings": lambda: HEAD + b"stream\r" * 2_900_000,
    "20 MB of ends": lambda: HEAD + b"endstream\n" * 2_000_000,
    "20 MB of addresses": lambda: HEAD + "".join(map(ADDRESS.format, range(380_000))).encode(),
    "20 MB of near addresses": lambda: HEAD + b"/kontroll/0" * 1_800_000,
    "a stream in a stream": lambda: file_of(stream(stream(b"\0" * 60 * MEGABYTE))),
    "deep objects": lambda: _objects([b"[" * 1_000_000, b"<<" * 1_000_000, b"<</A" * 500_000]),
    "many objects": lambda: _objects([b"null"] * 500_000),
    "an object stream": lambda: _objects(
        [b"<</Type/ObjStm/N 9999999/First 0>>" + stream(b"1 0 " * 5_000_000)]
    ),
    "endless earlier versions": _endless_prev,
    "endless numbers": lambda: _objects([b"9" * 10_000_000, b"<</Length " + b"9" * 1_000_000 + b">>"]),
    "20 MB of signatures": lambda: HEAD + b"/ByteRange[0 1 2 3]" * 1_000_000,
    "a signature of spaces": lambda: HEAD + b"/ByteRange[0 " + b" " * 20_000_000,
    "a deep signature": lambda: _seal_of(b"\x30\x80" * 15_000),
    "a signature's endless tag": lambda: _seal_of(b"\x3f" + b"\xff" * 100_000 + b"\x01\x00"),
}
