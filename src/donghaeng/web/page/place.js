// Where the citizen is: told by the browser on a tap, chosen as a district, or fixed by a kiosk's address.

import { PLACE } from "./words.js";

const parameters = new URLSearchParams(location.search);
const located = () => document.getElementById("located");

export class Place {
  #kiosk;
  #preferences;

  constructor({ kiosk, preferences }) {
    this.#kiosk = kiosk;
    this.#preferences = preferences;
    this.reset();
  }

  // As it was found: on a kiosk what its operator set.
  reset() {
    this.point = this.#kiosk ? fixedPoint() : this.point ?? null;
    this.district = this.#kiosk ? (parameters.get("district") ?? "") : this.#preferences.district;
  }

  // Finds the place; `talking` tells that it is for the next conversation.
  locate(talking) {
    const told = (words) => {
      located().textContent = words;
    };
    if (!navigator.geolocation) {
      told(PLACE.denied);
      return;
    }
    told(PLACE.searching);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.point = { lat: coords.latitude, lon: coords.longitude };
        told(talking() ? PLACE.nextTime : PLACE.found);
      },
      () => told(PLACE.denied),
      { timeout: 15000, maximumAge: 300000 },
    );
  }

  choose(name, talking) {
    this.district = name;
    if (!this.#kiosk) this.#preferences.chooseDistrict(name);
    located().textContent = talking ? PLACE.nextTime : name ? PLACE.district(name) : "";
  }

  forgetDistrict() {
    this.district = "";
    this.#preferences.chooseDistrict("");
  }
}

function fixedPoint() {
  const [lat, lon] = ["lat", "lon"].map((name) => Number.parseFloat(parameters.get(name)));
  return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
}
