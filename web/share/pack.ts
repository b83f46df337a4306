/** Largest text a link may hold, in bytes: a few letters can stand for gigabytes. */
export const TEXT_MAX = 256 * 1024;

/** What a packed text turned out to be. */
export type Unpacked =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'damaged' | 'oversized' };

/** A text as letters that need no escape in an address: compressed, in base64url. */
export async function pack(text: string): Promise<string> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const binary = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The text again; at most `TEXT_MAX` bytes of it are ever unpacked. */
export async function unpack(packed: string): Promise<Unpacked> {
  const bytes = bytesOf(packed);
  if (!bytes) return { kind: 'damaged' };
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  let text = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > TEXT_MAX) {
        await reader.cancel();
        return { kind: 'oversized' };
      }
      text += decoder.decode(part.value, { stream: true });
    }
    return { kind: 'text', text: text + decoder.decode() };
  } catch {
    return { kind: 'damaged' };
  }
}

function bytesOf(packed: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, letter => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
