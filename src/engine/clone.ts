/*
 * Copies of plain data: numbers, strings, booleans, null, lists and records. Several times faster
 * than structuredClone, which also looks for what simulated state never holds: cycles, shared
 * parts, maps, dates.
 */

/** A copy that shares nothing with `value`. Of an immer draft, the data it stands for. */
export const clone = <T>(value: T): T => copyOf(value) as T;

/**
 * A copy of `value` that shares every part that is equal with `before`, the copy taken last: copies
 * of a slowly changing state need little memory. Neither copy may be changed afterwards.
 */
export const cloneSharing = <T>(value: T, before: T | null): T => imageOf(value, before) as T;

type Fields = Record<string, unknown>;

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const copy: unknown[] = value.slice();
    for (let i = 0; i < copy.length; i++) {
      const part = copy[i];
      if (typeof part === 'object' && part !== null) copy[i] = copyOf(part);
    }
    return copy;
  }
  const copy: Fields = { ...value };
  for (const key in copy) {
    const part = copy[key];
    if (typeof part === 'object' && part !== null) copy[key] = copyOf(part);
  }
  return copy;
}

function imageOf(value: unknown, before: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (typeof before !== 'object' || before === null) return copyOf(value);
  if (Array.isArray(value)) return Array.isArray(before) ? listImage(value, before) : copyOf(value);
  return Array.isArray(before) ? copyOf(value) : recordImage(value as Fields, before as Fields);
}

function listImage(value: readonly unknown[], before: readonly unknown[]): readonly unknown[] {
  let same = value.length === before.length;
  const image: unknown[] = [];
  for (let i = 0; i < value.length; i++) {
    const part = imageOf(value[i], before[i]);
    image.push(part);
    if (part !== before[i]) same = false;
  }
  return same ? before : image;
}

function recordImage(value: Fields, before: Fields): Fields {
  let same = true;
  let missing = Object.keys(before).length;
  const image: Fields = {};
  for (const key in value) {
    const part = imageOf(value[key], before[key]);
    image[key] = part;
    if (part !== before[key]) same = false;
    missing--;
  }
  return same && missing === 0 ? before : image;
}
