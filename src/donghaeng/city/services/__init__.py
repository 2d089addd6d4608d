"""Services as the catalogue declares them: model, loading, checking, templates."""

from donghaeng.city.services.definition import CallSpec, ServiceDefinition, SlotSpec
from donghaeng.city.services.loading import Catalogue, load_catalogue

__all__ = ["CallSpec", "Catalogue", "ServiceDefinition", "SlotSpec", "load_catalogue"]
