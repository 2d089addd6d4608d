// How loud tones of several rates come out of the capture's resampler and framer.
async () => {
  const { Resampler, Framer } = await import("/page/capture-worklet.js");
  const tone = (rate, hz) =>
    Float32Array.from({ length: rate }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate));
  const through = (rate, hz) => {
    const resampler = new Resampler(rate);
    const framer = new Framer();
    const sound = tone(rate, hz);
    let frames = 0;
    let sum = 0;
    let count = 0;
    let size = 0;
    for (let i = 0; i < rate; i += 128) {
      for (const frame of framer.feed(resampler.feed(sound.subarray(i, i + 128)))) {
        frames += 1;
        size = frame.length;
        if (frames < 3) continue;
        for (const sample of frame) sum += (sample / 32767) ** 2;
        count += frame.length;
      }
    }
    return { rate, hz, frames, size, rms: Math.sqrt(sum / count) };
  };
  return [
    ...[8000, 16000, 22050, 44100, 48000, 96000].map((rate) => through(rate, 1000)),
    ...[44100, 48000, 96000].map((rate) => through(rate, 12000)),
  ];
}
