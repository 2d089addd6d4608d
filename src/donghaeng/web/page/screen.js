// The operator's ruler: a bank card (85.60 mm wide, ISO/IEC 7810 ID-1) tells how many pixels a millimetre has.

const CARD_MM = [85.6, 53.98];

const at = (id) => document.getElementById(id);

function measure() {
  const width = Number(at("width").value);
  if (!(width > 0)) return;
  const perMm = width / CARD_MM[0];
  at("card").style.width = `${width}px`;
  at("card").style.height = `${CARD_MM[1] * perMm}px`;
  const query = new URLSearchParams({ kiosk: "1", mm: perMm.toFixed(3) });
  for (const name of ["floor", "key", "idle"]) {
    if (at(name).value.trim()) query.set(name, at(name).value.trim());
  }
  const address = new URL(`/?${query}`, location.href).href;
  at("address").href = address;
  at("address").textContent = address;
  const across = Math.hypot(screen.width, screen.height) / perMm;
  at("measured").textContent = `화면 대각선 ${Math.round(across)} mm, 1 mm는 ${perMm.toFixed(2)} 픽셀이에요.`;
}

at("form").addEventListener("input", measure);
at("form").addEventListener("submit", (event) => event.preventDefault());
measure();
document.documentElement.dataset.ready = "true";
