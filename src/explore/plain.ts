/** Operations on plain data: numbers, strings, booleans, null, lists and records. */

/** A copy that shares nothing with the original. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list = new Array(value.length);
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      list[i] = typeof item === 'object' ? copy(item) : item;
    }
    return list as T;
  }
  const record: Record<string, unknown> = {};
  for (const key in value) {
    const item = value[key];
    record[key] = typeof item === 'object' ? copy(item) : item;
  }
  return record as T;
}

/** Equal contents, whatever the order of keys. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  let keys = 0;
  for (const key in left) {
    const value = left[key];
    const other = right[key];
    if (value !== other && !equal(value, other)) return false;
    keys++;
  }
  for (const _ in right) keys--;
  return keys === 0;
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !equal(a[i], b[i])) return false;
  return true;
}

const keyHashes = new Map<string, number>();

function hashText(text: string): number {
  let h = keyHashes.get(text);
  if (h !== undefined) return h;
  h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  keyHashes.set(text, h);
  return h;
}

const mix = (h: number, value: number): number => {
  const mixed = Math.imul(h ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

/** A 32-bit number that is the same for equal contents, and mostly differs for others. */
export function hashOf(value: unknown): number {
  if (typeof value === 'number') return value | 0;
  if (typeof value === 'string') return hashText(value);
  if (typeof value !== 'object' || value === null) return value === true ? 1 : 2;
  if (Array.isArray(value)) {
    let h = value.length + 3;
    for (let i = 0; i < value.length; i++) h = mix(h, hashOf(value[i]));
    return h;
  }
  const record = value as Record<string, unknown>;
  let sum = 5;
  for (const key in record) sum = (sum + mix(hashText(key), hashOf(record[key]))) | 0;
  return sum;
}
