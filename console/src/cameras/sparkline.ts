// A line of the last values, as one path: scaled from nothing to the greatest value, so that a fall looks like a fall; unknown values are holes.

/** SVG path in `width` x `height`; empty where fewer than two values are known. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): string {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  if (most === 0 || values.filter((value) => value !== null).length < 2) return "";
  let isDown = false;
  return values.map((value, i) => {
    if (value === null) {
      isDown = false;
      return "";
    }
    const point = `${((i / (values.length - 1)) * width).toFixed(1)} ${(height - (value / most) * (height - 2) - 1).toFixed(1)}`;
    const step = `${isDown ? "L" : "M"}${point}`;
    isDown = true;
    return step;
  }).join("");
}
