"""PAdES B-B by pyHanko: the seal put on a document, and asked of one. Wants the extra `pades`; asks no network.

The signature field is made together with the seal and put into the document's structure, so that PDF/UA-1 and PDF/A-3
still hold. Same document, moment and certificate give the same bytes: RSA by PKCS#1 v1.5 takes nothing by chance, and
the one random thing in the file, its second identity, is made of its content.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    InvisSigSettings,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.signers import Signer, cms_embedder
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko_certvalidator.registry import SimpleCertificateStore

from leder.documents.certificate import Certificate

FIELD = "leder-seal"
DIGEST = "sha256"
MECHANISM = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
# Signature and attributes; the certificates come beside them.
BEYOND_CERTIFICATES = 4096
RANGE = re.compile(rb"/ByteRange ?\[ ?(\d{1,10}) +(\d{1,10}) +(\d{1,10}) +(\d{1,10}) *\]")
PADDED = re.compile(rb"<([0-9A-F]+)>")
# As hexadecimal digits. Time to read a seal grows with the square of a hostile one.
MOST_DIGITS = 64 * 1024


class _Writer(IncrementalPdfFileWriter):
    """Adds to a file without a clock or chance: what is written depends on the file and the seal alone."""

    @classmethod
    def _handle_id(cls, prev: Any) -> Any:
        first = prev.trailer["/ID"][0]
        first_id = first.original_bytes if isinstance(first, generic.TextStringObject) else bytes(first)
        prev.stream.seek(0)
        made = hashlib.sha256(prev.stream.read()).digest()[:16]
        return generic.ArrayObject([generic.ByteStringObject(first_id), generic.ByteStringObject(made)])

    def _update_meta(self) -> None:
        # The document's own date is that of the last signature.
        pass


def seal_pdf(pdf: bytes, *, by: Certificate, at: dt.datetime, tooltip: str) -> bytes:
    """Return a document with a seal that says the moment `at`; `tooltip` is what the field is called when read out."""
    writer = _Writer(io.BytesIO(pdf))
    _add_field(writer, tooltip)
    process = cms_embedder.PdfCMSEmbedder().write_cms(
        field_name=FIELD, writer=writer, existing_fields_only=True
    )
    next(process)
    placeholder = SignatureObject(
        subfilter=SigSeedSubFilter.PADES,
        timestamp=at,
        name=by.name,
        bytes_reserved=_reserved(by),
    )
    # A change of any kind breaks it: nothing is filled in or added to a document of ours.
    locked = cms_embedder.SigMDPSetup(md_algorithm=DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    process.send(cms_embedder.SigObjSetup(sig_placeholder=placeholder, mdp_setup=locked))
    prepared, out = process.send(cms_embedder.SigIOSetup(md_algorithm=DIGEST))
    signing = _Signer(by).async_sign(prepared.document_digest, DIGEST, use_pades=True)
    # A thread of its own: one that runs a loop already can't run another.
    with ThreadPoolExecutor(max_workers=1) as thread:
        process.send(thread.submit(asyncio.run, signing).result())
    return bytes(out.getvalue())


def seal_holds(file: bytes, *, by: Certificate) -> bool | None:
    """Whether the one seal on a file was made with this certificate and covers all of it; None for another's.

    One that is larger than ours can be is another's. The file is not read as a PDF: it need not be one. What counts is
    that every byte but the seal's own is covered, and that those are written as we write them.
    """
    # Of a hostile file with millions of them, two are enough.
    found = list(islice(RANGE.finditer(file), 2))
    if len(found) != 1:
        return False
    start, length, after, rest = map(int, found[0].groups())
    if start != 0 or after + rest != len(file):
        return False
    if after - length > max(MOST_DIGITS, _reserved(by)) + len("<>"):
        return None
    gap = PADDED.fullmatch(file, length, after)
    if gap is None or len(gap[1]) % 2:
        return False
    held = bytes.fromhex(gap[1].decode())
    try:
        (signer,) = cms.ContentInfo.load(held)["content"]["signer_infos"]
        if signer["sid"].chosen["serial_number"].native != by.leaf.serial_number:
            return None
        if signer["signature_algorithm"]["algorithm"].native != MECHANISM["algorithm"].native:
            return False
        own = _as_written(signer, by)
        digest = hashlib.sha256(file[:length] + file[after:]).digest()
        intact, valid = validate_sig_integrity(
            signer,
            asn1_x509.Certificate.load(_der_chain(by)[0]),
            expected_content_type="data",
            actual_digest=digest,
        )
    except (
        ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, SignatureValidationError,
    ):  # fmt: skip
        return False
    # The signature covers neither the certificates beside it nor what fills the space up.
    return bool(intact and valid and held == own.ljust(len(held), b"\0"))


def _as_written(signer: cms.SignerInfo, by: Certificate) -> bytes:
    """What pyHanko makes around a signature and what it covers: nothing else is taken for ours."""
    chain = [asn1_x509.Certificate.load(der) for der in _der_chain(by)]
    digest = algos.DigestAlgorithm({"algorithm": DIGEST})
    written = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": chain[0].issuer, "serial_number": chain[0].serial_number}
                )
            }
        ),
        "digest_algorithm": digest,
        "signature_algorithm": MECHANISM,
        "signed_attrs": cms.CMSAttributes.load(signer["signed_attrs"].untag().dump()),
        "signature": signer["signature"].native,
    }
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms((digest,)),
            "encap_content_info": {"content_type": "data"},
            "certificates": cms.CertificateSet(
                [cms.CertificateChoices(name="certificate", value=each) for each in chain]
            ),
            "signer_infos": [cms.SignerInfo(written)],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": content}).dump())


def _add_field(writer: _Writer, tooltip: str) -> None:
    """Put an invisible field on the last page, and into the structure: as a form of its own, at the very end."""
    spec = SigFieldSpec(
        FIELD,
        on_page=-1,
        invis_sig_settings=InvisSigSettings(set_print_flag=True, set_hidden_flag=False),
        readable_field_name=tooltip,
    )
    append_signature_field(writer, spec)
    page_ref = writer.find_page_for_modification(-1)[0]
    page = page_ref.get_object()
    widget_ref = page["/Annots"].raw_get(-1)
    widget = widget_ref.get_object()
    tree = writer.root["/StructTreeRoot"]
    whole = tree["/K"].raw_get(0)
    number = int(tree["/ParentTreeNextKey"])
    form = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): whole,
                pdf_name("/Alt"): pdf_string(tooltip),
                pdf_name("/K"): generic.DictionaryObject(
                    {
                        pdf_name("/Type"): pdf_name("/OBJR"),
                        pdf_name("/Obj"): widget_ref,
                        pdf_name("/Pg"): page_ref,
                    }
                ),
            }
        )
    )
    widget["/StructParent"] = generic.NumberObject(number)
    widget["/Contents"] = pdf_string(tooltip)
    tree["/ParentTree"]["/Nums"].extend([generic.NumberObject(number), form])
    tree["/ParentTreeNextKey"] = generic.NumberObject(number + 1)
    whole.get_object()["/K"].append(form)
    for changed in (tree, tree["/ParentTree"], whole.get_object(), widget):
        writer.update_container(changed)


class _Signer(Signer):
    """Signs with a key that is at hand already; pyHanko's own would read it anew each time."""

    def __init__(self, by: Certificate) -> None:
        own, *others = [asn1_x509.Certificate.load(der) for der in _der_chain(by)]
        super().__init__(
            signing_cert=own,
            cert_registry=SimpleCertificateStore.from_certs(others),
            signature_mechanism=MECHANISM,
        )
        self._key = by.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())


def _reserved(by: Certificate) -> int:
    """How many hexadecimal digits of a file are kept free for a seal."""
    return 2 * (BEYOND_CERTIFICATES + sum(map(len, _der_chain(by))))


def _der_chain(by: Certificate) -> list[bytes]:
    return [each.public_bytes(Encoding.DER) for each in by.chain]
