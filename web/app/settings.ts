import { KEY_USES, type KeyUse, THEMES, type Theme } from './state.ts';

/** What a user has chosen for good; it stays in this browser. */
export interface Settings {
  readonly theme: Theme;
  readonly keys: KeyUse;
}

const PLACE = 'irqscope';

/** The settings of an earlier visit; as at the start where there are none, or none are allowed. */
export function readSettings(first: Settings): Settings {
  try {
    const kept: Partial<Record<keyof Settings, unknown>> = JSON.parse(
      localStorage.getItem(PLACE) ?? '{}',
    );
    return {
      theme: THEMES.find(theme => theme === kept.theme) ?? first.theme,
      keys: KEY_USES.find(use => use === kept.keys) ?? first.keys,
    };
  } catch {
    return first;
  }
}

/** Keeps settings for the next visit. */
export function keepSettings({ theme, keys }: Settings): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ theme, keys }));
  } catch {
    // A browser that keeps nothing: the settings hold for this visit.
  }
}
