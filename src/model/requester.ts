/** `bus:device.function` in hexadecimal. */
export const REQUESTER = /^([0-9a-fA-F]{2}):([01][0-9a-fA-F])\.([0-7])$/;

/** A requester id from `bus:device.function` in hexadecimal; null when it is none. */
export function parseRequester(text: string): number | null {
  const match = REQUESTER.exec(text);
  if (!match) return null;
  const [bus, device, fn] = match.slice(1).map(part => Number.parseInt(part, 16));
  return (bus << 8) | (device << 3) | fn;
}

/** A requester id as `bus:device.function`. */
export function formatRequester(rid: number): string {
  const two = (n: number): string => n.toString(16).padStart(2, '0');
  return `${two(rid >>> 8)}:${two((rid >>> 3) & 0x1f)}.${rid & 7}`;
}
