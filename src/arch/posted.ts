import { field, layout } from '../bits/layout.ts';

/** Posted interrupt descriptor: 64 bytes; the first eight words are the PIR, bit v = vector v. */
export const DESCRIPTOR = layout({
  name: 'posted interrupt descriptor',
  bits: 512,
  source: '[VTD 9.12]',
  fields: {
    pir0: field(0, 32, 'PIR: vectors 31:0'),
    pir1: field(32, 32, 'PIR: vectors 63:32'),
    pir2: field(64, 32, 'PIR: vectors 95:64'),
    pir3: field(96, 32, 'PIR: vectors 127:96'),
    pir4: field(128, 32, 'PIR: vectors 159:128'),
    pir5: field(160, 32, 'PIR: vectors 191:160'),
    pir6: field(192, 32, 'PIR: vectors 223:192'),
    pir7: field(224, 32, 'PIR: vectors 255:224'),
    on: field(256, 1, 'ON: a notification is outstanding'),
    sn: field(257, 1, 'SN: suppress notifications'),
    rsvd258: field(258, 14, 'reserved', { reserved: 'zero' }),
    nv: field(272, 8, 'NV: notification vector'),
    rsvd280: field(280, 8, 'reserved', { reserved: 'zero' }),
    ndst: field(288, 32, 'NDST: notification destination; xAPIC id in bits 15:8'),
    rsvd320: field(320, 48, 'reserved', { reserved: 'zero' }),
    rsvd368: field(368, 48, 'reserved', { reserved: 'zero' }),
    rsvd416: field(416, 48, 'reserved', { reserved: 'zero' }),
    rsvd464: field(464, 48, 'reserved', { reserved: 'zero' }),
  },
});

/** Words of the descriptor that hold the PIR. */
export const PIR_WORDS = 8;

/** Bits of NDST that are reserved while ids have 8 bits, in bits 15:8. [VTD 9.12] */
export const XAPIC_NDST_RESERVED = 0xffff00ff;
