const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A text inside XML or HTML, in an attribute or between tags. */
export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, sign => ENTITIES[sign]);
