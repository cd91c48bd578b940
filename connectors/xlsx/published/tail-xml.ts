/** Elements behind the rows of a sheet, as they are written: drawing, links, colour rules. */
import type { PublishedRule } from '../../../src/model/published-tab.ts';
import { type NameNow, placeOfLink } from '../../../src/model/tab-names.ts';
import { formatRange } from '../a1.ts';
import type { PartLinks } from '../part-links.ts';
import { escapeXml } from '../xml.ts';
import { rangeOf } from './plan.ts';

/** Leads from a sheet to its drawing. */
export function drawingXml(id: string, prefix: string, relationships: string): string {
  return `<${prefix}drawing xmlns:r="${relationships}" r:id="${id}"/>`;
}

/** A link of the file leads where the plan wants it to. */
export function sameLink(found: string, planned: string, now: NameNow): boolean {
  const bare = (text: string): string => text.replaceAll("'", '').replaceAll('$', '');
  if (planned.startsWith('#')) return bare(found) === `#${bare(placeOfLink(planned, now))}`;
  return addressOf(found) === addressOf(planned);
}

/** An address as every app takes it; null for a text that is none. */
function addressOf(link: string): string | null {
  try {
    const url = new URL(link);
    return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Null for a link that is no address: apps repair files with such. */
export function linkXml(
  ref: string,
  link: string,
  now: NameNow,
  links: PartLinks,
  prefix: string,
  relationships: string,
): string | null {
  if (link.startsWith('#')) {
    return `<${prefix}hyperlink ref="${ref}" location="${escapeXml(placeOfLink(link, now))}"/>`;
  }
  const target = addressOf(link);
  if (target === null) return null;
  return `<${prefix}hyperlink ref="${ref}" xmlns:r="${relationships}" r:id="${links.add('hyperlink', target, true)}"/>`;
}

/** What the file calls a kind of rule. */
export function ruleType(kind: PublishedRule['kind']): string {
  return kind === 'data-bar' ? 'dataBar' : 'colorScale';
}

/** A colour rule; `priority` must be its own in the sheet. */
export function ruleXml(rule: PublishedRule, priority: number, p: string): string {
  const inner =
    rule.kind === 'data-bar'
      ? `<${p}dataBar><${p}cfvo type="num" val="0"/><${p}cfvo type="max"/><${p}color rgb="FF${rule.colour}"/></${p}dataBar>`
      : `<${p}colorScale><${p}cfvo type="min"/><${p}cfvo type="max"/><${p}color rgb="FFFFFFFF"/><${p}color rgb="FF${rule.colour}"/></${p}colorScale>`;
  return (
    `<${p}conditionalFormatting sqref="${formatRange(rangeOf(rule.area))}">` +
    `<${p}cfRule type="${ruleType(rule.kind)}" priority="${priority}">${inner}</${p}cfRule></${p}conditionalFormatting>`
  );
}
