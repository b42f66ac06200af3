/**
 * A number in [0, 1) from a seed and a name, some hundred times cheaper than a SHA-256: one for every live campaign is drawn
 * in each decision. FNV-1a over the name, then the finaliser of MurmurHash3 (Appleby 2011), so that near seeds differ.
 */
export function drawLot(seed: number, name: string): number {
  let mixed = (0x811c9dc5 ^ Math.floor(seed * 2 ** 32)) >>> 0;
  for (let place = 0; place < name.length; place++) mixed = Math.imul(mixed ^ name.charCodeAt(place), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
