/**
 * A set of worlds, each a vector of numbers: one number a part, equal exactly where the contents
 * are. Parts that never changed take no room.
 */
export interface Space {
  /** Number of worlds. */
  size(): number;
  /** Writes the numbers of a world of the set into `into`. */
  read(index: number, into: Uint32Array): void;
  /**
   * Adds a vector: its index, or, where it was there before, minus one less its index. `changed`
   * names the parts, each followed by anything, that may differ from those of worlds in the set.
   */
  add(vector: Uint32Array, changed: readonly number[]): number;
  /** Bytes of a world, and of all of them with the table that finds them. */
  memory(): { readonly bytesPerWorld: number; readonly bytes: number };
}

const FIRST_WORLDS = 1024;
const SLOTS_PER_WORLD = 4;
const NARROW_MAX = 0xffff;

/**
 * A set that holds the vector `first` at index 0. Vectors have room for parts to come, which are
 * zero until then.
 */
export function createSpace(first: Uint32Array): Space {
  /** Parts that have had more than one number, and the row a world takes. */
  let columns: Int32Array = new Int32Array(0);
  const isColumn = new Uint8Array(first.length);
  let narrow = true;
  let rows: Uint16Array | Uint32Array = new Uint16Array(FIRST_WORLDS);
  let table = new Int32Array(FIRST_WORLDS * SLOTS_PER_WORLD);
  let count = 0;

  const room = (cells: number): Uint16Array | Uint32Array =>
    narrow ? new Uint16Array(cells) : new Uint32Array(cells);
  const hashRow = (values: Uint32Array): number => {
    let h = 0x811c9dc5;
    for (let i = 0; i < columns.length; i++) h = Math.imul(h ^ values[columns[i]], 0x01000193);
    h ^= h >>> 15;
    h = Math.imul(h, 0x85ebca6b);
    return h ^ (h >>> 13);
  };
  const slotFor = (values: Uint32Array): number => {
    const mask = table.length - 1;
    const n = columns.length;
    let slot = hashRow(values) & mask;
    for (; table[slot] !== 0; slot = (slot + 1) & mask) {
      const at = (table[slot] - 1) * n;
      let i = 0;
      while (i < n && rows[at + i] === values[columns[i]]) i++;
      if (i === n) break;
    }
    return slot;
  };
  /** Gives every world another shape: more columns, wider cells, a larger table. */
  const rebuild = (change: { columns?: Int32Array; narrow?: boolean; worlds?: number }): void => {
    const vector = new Uint32Array(first.length);
    const old = { rows, n: columns.length, columns };
    columns = change.columns ?? columns;
    narrow = change.narrow ?? narrow;
    const worlds = change.worlds ?? table.length / SLOTS_PER_WORLD;
    rows = room(worlds * Math.max(1, columns.length));
    table = new Int32Array(worlds * SLOTS_PER_WORLD);
    for (let index = 0; index < count; index++) {
      vector.set(first);
      for (let i = 0; i < old.n; i++) vector[old.columns[i]] = old.rows[index * old.n + i];
      place(index, vector);
    }
  };
  const place = (index: number, vector: Uint32Array): void => {
    const at = index * columns.length;
    for (let i = 0; i < columns.length; i++) rows[at + i] = vector[columns[i]];
    table[slotFor(vector)] = index + 1;
  };
  /** Parts that differ from the first world's for the first time become columns. */
  const widen = (vector: Uint32Array, changed: readonly number[]): void => {
    const fresh: number[] = [];
    let wide = false;
    for (let i = 0; i < changed.length; i += 2) {
      const part = changed[i];
      if (vector[part] > NARROW_MAX) wide = true;
      if (isColumn[part] === 1 || vector[part] === first[part]) continue;
      isColumn[part] = 1;
      fresh.push(part);
    }
    if (fresh.length > 0) rebuild({ columns: Int32Array.from([...columns, ...fresh]).sort() });
    if (wide && narrow) rebuild({ narrow: false });
  };

  count = 1;
  place(0, first);
  return {
    size: () => count,
    read(index, into) {
      into.set(first);
      const at = index * columns.length;
      for (let i = 0; i < columns.length; i++) into[columns[i]] = rows[at + i];
    },
    add(vector, changed) {
      widen(vector, changed);
      const slot = slotFor(vector);
      if (table[slot] !== 0) return -table[slot];
      const worlds = table.length / SLOTS_PER_WORLD;
      if (count + 1 > worlds) rebuild({ worlds: worlds * 2 });
      place(count, vector);
      return count++;
    },
    memory: () => ({
      bytesPerWorld: columns.length * rows.BYTES_PER_ELEMENT,
      bytes: rows.byteLength + table.byteLength,
    }),
  };
}
