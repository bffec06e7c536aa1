"""Export control: risk against benefit, with the consent of every state whose parts are inside."""

from deftrade.phases.licensing.params import LicensingParams
from deftrade.phases.licensing.phase import licensing

__all__ = ["LicensingParams", "licensing"]
