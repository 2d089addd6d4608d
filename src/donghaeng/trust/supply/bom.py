"""The bill of materials (CycloneDX 1.6, JSON): every package with its licence, and every file of weights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from donghaeng.trust.supply.components import ROOT, Package
from donghaeng.trust.supply.licences import UNKNOWN, Policy, licence_of
from donghaeng.trust.supply.weights import Weights

FILE = "donghaeng:file"
ORIGIN = "donghaeng:origin"


def bill_of_materials(
    packages: Sequence[Package], weights: Sequence[Weights], policy: Policy, *, serial: UUID, now: datetime
) -> str:
    """The bill as JSON text.

    Args:
        packages: with Donghaeng's own among them.
        weights: files of the models.
        policy: knows the licences that packages tell in words.
        serial: of this bill.
        now: when it is made.
    """
    components = {package.name: _component(package, policy) for package in packages}
    bom = Bom(serial_number=serial)
    bom.metadata.timestamp = now
    bom.metadata.component = components.get(ROOT)
    for name, component in components.items():
        if name != ROOT:
            bom.components.add(component)
    for one in weights:
        bom.components.add(_model(one))
    for package in packages:
        needs = [components[name] for name in package.needs if name in components]
        bom.register_dependency(components[package.name], needs)
    output = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    return output.output_as_string(indent=2)


def _component(package: Package, policy: Policy) -> Component:
    licence = licence_of(package, policy)
    purl = PackageURL("pypi", name=package.name, version=package.version)
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.APPLICATION if package.name == ROOT else ComponentType.LIBRARY,
        description=package.summary or None,
        licenses=() if licence == UNKNOWN else (LicenseExpression(licence),),
        purl=purl,
        bom_ref=purl.to_string(),
    )


def _model(weights: Weights) -> Component:
    return Component(
        name=weights.name,
        type=ComponentType.MACHINE_LEARNING_MODEL,
        licenses=(LicenseExpression(weights.licence),),
        hashes=(HashType(alg=HashAlgorithm.SHA_256, content=weights.sha256),),
        properties=(Property(name=FILE, value=weights.file), Property(name=ORIGIN, value=weights.origin)),
        bom_ref=f"weights:{weights.file}",
    )
