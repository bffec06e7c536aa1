"""Export control: risk against benefit, with the consent of every state whose parts are inside."""

from deftrade.phases.licensing.phase import LicensingParams, licensing

__all__ = ["LicensingParams", "licensing"]
