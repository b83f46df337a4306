import type { Snapshot } from './studio.ts';

/** Dots for every pixel of a picture that is saved. */
const SCALE = 2;

/** A picture drawn in dots. */
export async function draw(
  { svg, width, height }: Snapshot,
  scale: number,
): Promise<CanvasRenderingContext2D> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('this browser draws no pictures in dots');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return context;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** A picture as a PNG of twice its size. */
export async function pngOf(snapshot: Snapshot): Promise<Blob> {
  const { canvas } = await draw(snapshot, SCALE);
  const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the picture could not be packed');
  return blob;
}
