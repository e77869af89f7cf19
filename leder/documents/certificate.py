"""The municipality's certificate: read from a PKCS#12 or PEM file that the settings name, with its RSA key.

Nothing here needs pyHanko, so that the system check can say what is wrong without it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID
from django.utils import timezone

from leder import conf

PEM = b"-----BEGIN"
BEFORE = dt.timedelta(days=4 * 366)


class NoCertificate(Exception):
    """What the settings name can't be used. Says why in words of its own, with nothing from the files."""


@dataclass(frozen=True)
class Certificate:
    """The certificate that documents are sealed with, its key, and what the file holds besides (its issuers)."""

    leaf: x509.Certificate
    key: RSAPrivateKey
    others: tuple[x509.Certificate, ...] = ()

    @property
    def name(self) -> str:
        """Whose it is."""
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
            if found := self.leaf.subject.get_attributes_for_oid(oid):
                return str(found[0].value)
        return self.leaf.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, in hex."""
        return self.leaf.fingerprint(hashes.SHA256()).hex()

    @property
    def starts(self) -> dt.datetime:
        """The first moment it holds."""
        return self.leaf.not_valid_before_utc

    @property
    def ends(self) -> dt.datetime:
        """The last moment it holds."""
        return self.leaf.not_valid_after_utc

    @property
    def is_expired(self) -> bool:
        """Whether it holds no longer."""
        return timezone.now() > self.ends

    @property
    def holds(self) -> bool:
        """Whether it holds now."""
        return self.starts <= timezone.now() <= self.ends

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """It and its issuers, as they go with a seal."""
        return (self.leaf, *self.others)


def configured() -> Certificate | None:
    """Return the certificate that the settings name; None where they name none. Raises NoCertificate."""
    place = conf.seal_certificate()
    return _load(*place) if place else None


@lru_cache(maxsize=2)
def _load(path: str, key_path: str, passphrase: str) -> Certificate:
    secret = passphrase.encode() or None
    try:
        content = Path(path).read_bytes()
        key_content = Path(key_path).read_bytes() if key_path else content
    except OSError as error:
        raise NoCertificate(f"{error.filename} can't be read: {error.strerror}.") from None
    try:
        if PEM in content:
            found = x509.load_pem_x509_certificates(content)
            key = serialization.load_pem_private_key(key_content, secret)
        else:
            held = pkcs12.load_pkcs12(content, secret)
            key = held.key  # type: ignore[assignment]
            found = [each.certificate for each in (held.cert, *held.additional_certs) if each]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # "from None": what a parser says may hold a part of the file
        raise NoCertificate(
            f"{path} holds no certificate with its key, or another passphrase opens it."
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise NoCertificate(f"The key of {path} is no RSA key.")
    leaf = next((each for each in found if each.public_key() == key.public_key()), None)
    if leaf is None:
        raise NoCertificate(f"{path} holds no certificate of its key.")
    return Certificate(leaf, key, tuple(each for each in found if each is not leaf))


def make_test_certificate(organisation: str, *, days: int = 3650) -> bytes:
    """Return a new certificate signed by itself with its key, as PEM: for a demo. Its name says that it is a test."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"TEST {organisation}"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "TEST"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NO"),
        ]
    )
    # A demo and tests may stand on an earlier day.
    begins = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) - BEFORE
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + BEFORE + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM) + key.private_bytes(
        Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
