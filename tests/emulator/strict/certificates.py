"""Certificates of ACM: issued at once, for the emulator answers what asks whose a domain is; until a test says otherwise.

Moto lets them wait for a minute of the machine's own time, which is no time of the emulator's.
"""

from moto.acm.models import CertBundle, acm_backends

from .operations import Refusal

ISSUED = "ISSUED"


def _check(certificate: CertBundle) -> None:
    if certificate.status == "PENDING_VALIDATION":
        certificate.status = ISSUED


CertBundle.check = _check  # type: ignore[method-assign]


def set_status(arn: str, status: str) -> None:
    """From now on it is `EXPIRED`, `REVOKED`, …, as nobody can make it within a test."""
    _, _, _, region, account_id, _ = arn.split(":", 5)
    acm_backends[account_id][region]._certificates[arn].status = status


def usable(account_id: str, region: str, arn: str) -> None:
    """Elastic Load Balancing's CreateListener: CertificateNotFound; and UnsupportedCertificate of what is not issued."""
    found = acm_backends[account_id][region]._certificates.get(arn)
    if found is None:
        raise Refusal("CertificateNotFound", f"Certificate '{arn}' not found")
    _check(found)
    if found.status != ISSUED:
        message = f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, and a supported key size."
        raise Refusal("UnsupportedCertificate", message)
