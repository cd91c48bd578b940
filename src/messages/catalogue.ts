/** How texts are kept: every message stands in both languages side by side, so that a missing translation does not compile. */

export type Locale = 'zh-CN' | 'en';
export type Text = Readonly<Record<Locale, string>>;
export type Texts = Readonly<Record<string, Text>>;
export type Params = Readonly<Record<string, string | number>>;

/** Fills `{name}` places; a place without a value stays visible, which is a fault a test finds. */
export function fill(template: string, params: Params): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = params[name];
    return value === undefined ? place : String(value);
  });
}
