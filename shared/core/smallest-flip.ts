/** What is looked for: the least distance from where things stand at which something flips. */
export interface Search {
  /** Whether it has flipped at a distance. At 0 it has not. */
  readonly flips: (distance: number) => boolean;
  /** The least distance that counts, above 0: what flips here flips at once. */
  readonly least: number;
  /** The usual size of a distance, around which it is looked for in finer steps. */
  readonly usual: number;
  readonly reach: number;
}

const COARSE = 4;
const FINE = 1.2;
/** How near to the line a distance is, as a share of it. */
const EXACT = 1e-6;
const NEARLY = 0.99;

/**
 * The least distance found at which it flips while 99 % of it does not; null when nothing in reach flips it. What flips and
 * flips back between two steps of the search is passed over, so a smaller one may exist; that 99 % does not flip is checked.
 */
export function smallestFlip({ flips, least, usual, reach }: Search): number | null {
  if (reach < least) return null;
  let near = least;
  let far = least;
  while (!flips(far)) {
    if (far >= reach) return null;
    near = far;
    const isFine = far >= usual / 1000 && far < usual * 10;
    far = Math.min(reach, far * (isFine ? FINE : COARSE));
  }
  return far === least ? least : narrowed(flips, near, far);
}

/** Narrows a bracket down, and begins again below it while something flips there too. */
function narrowed(flips: Search['flips'], near: number, far: number): number {
  const found = bisected(flips, near, far);
  return flips(found * NEARLY) ? narrowed(flips, 0, found * NEARLY) : found;
}

function bisected(flips: Search['flips'], near: number, far: number): number {
  let [quiet, flipped] = [near, far];
  while (flipped - quiet > flipped * EXACT) {
    const middle = (quiet + flipped) / 2;
    if (flips(middle)) flipped = middle;
    else quiet = middle;
  }
  return flipped;
}
