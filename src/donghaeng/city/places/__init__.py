"""Places of the city: stops, stations, districts, dong, landmarks …

The tables that come with Donghaeng and those that an operator imports answer through one
:class:`PlaceTable`.
"""

from donghaeng.city.places.builtin import load_builtin
from donghaeng.city.places.model import Kind, Place, distance_m
from donghaeng.city.places.table import Near, PlaceTable

__all__ = ["Kind", "Near", "Place", "PlaceTable", "distance_m", "load_builtin"]
