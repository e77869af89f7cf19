"""A certificate to seal with, made once a run, and what others say of a seal."""

import io
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from leder.documents.certificate import make_test_certificate


@lru_cache(maxsize=8)
def certificate_pem(name="Eksempel kommune"):
    return make_test_certificate(name)


def judged(pdf, certificate):
    """What pyHanko's own check says of the one seal on a file, trusting this certificate."""
    root = x509.Certificate.load(certificate.leaf.public_bytes(Encoding.DER))
    trusted = ValidationContext(trust_roots=[root], allow_fetching=False)
    (seal,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    # A browser that was opened in this process keeps an event loop in its thread; the check wants its own.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(validate_pdf_signature, seal, trusted).result()
