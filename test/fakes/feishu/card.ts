/** What the platform refuses in a card. Cards of schema 2.0 refuse every attribute they do not know; 1.0 ignores it. */
import type { Loose } from './call.ts';

const common = ['tag', 'element_id', 'margin'];
const box = [
  'direction',
  'padding',
  'horizontal_spacing',
  'vertical_spacing',
  'horizontal_align',
  'vertical_align',
  'elements',
];
const field = ['name', 'required', 'disabled', 'width', 'placeholder', 'confirm', 'behaviors'];

/** Attributes by tag; what stands here not is no tag of schema 2.0. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  plain_text: [
    'tag',
    'content',
    'i18n_content',
    'text_size',
    'text_color',
    'text_align',
    'lines',
    'icon',
    'element_id',
  ],
  lark_md: ['tag', 'content', 'i18n_content', 'text_size', 'text_color', 'text_align', 'lines'],
  text_tag: ['tag', 'element_id', 'text', 'color'],
  markdown: [...common, 'content', 'text_size', 'text_align', 'icon', 'href'],
  div: [...common, 'width', 'text', 'icon', 'fields'],
  hr: common,
  img: [...common, 'img_key', 'alt', 'title', 'corner_radius', 'scale_type', 'size', 'transparent', 'preview'],
  person: [...common, 'user_id', 'size', 'show_avatar', 'show_name', 'style'],
  button: [
    ...common,
    'type',
    'size',
    'width',
    'text',
    'icon',
    'hover_tips',
    'disabled',
    'disabled_tips',
    'confirm',
    'behaviors',
    'name',
    'required',
    'form_action_type',
  ],
  select_static: [...common, ...field, 'type', 'options', 'initial_index', 'initial_option'],
  select_person: [...common, ...field, 'type', 'options', 'initial_option'],
  multi_select_static: [...common, ...field, 'type', 'options', 'selected_values'],
  date_picker: [...common, ...field, 'type', 'initial_date'],
  input: [
    ...common,
    ...field,
    'default_value',
    'max_length',
    'input_type',
    'rows',
    'auto_resize',
    'max_rows',
    'show_icon',
    'label',
    'label_position',
    'value',
    'fallback',
  ],
  overflow: [...common, 'width', 'options', 'value', 'confirm'],
  checker: [
    ...common,
    'name',
    'checked',
    'text',
    'overall_checkable',
    'button_area',
    'checked_style',
    'behaviors',
    'disabled',
    'padding',
    'confirm',
    'hover_tips',
    'disabled_tips',
  ],
  column_set: [
    ...common,
    'horizontal_spacing',
    'horizontal_align',
    'flex_mode',
    'background_style',
    'action',
    'columns',
  ],
  column: [...common, ...box, 'background_style', 'width', 'weight', 'action'],
  form: [...common, ...box, 'name'],
  interactive_container: [
    ...common,
    ...box,
    'width',
    'height',
    'background_style',
    'has_border',
    'border_color',
    'corner_radius',
    'behaviors',
    'hover_tips',
    'disabled',
    'disabled_tips',
    'confirm',
  ],
  collapsible_panel: [...common, ...box, 'expanded', 'background_color', 'header', 'border'],
  table: [
    ...common,
    'page_size',
    'row_height',
    'freeze_first_column',
    'header_style',
    'columns',
    'rows',
    'row_max_height',
  ],
  standard_icon: ['tag', 'token', 'color', 'size'],
  custom_icon: ['tag', 'img_key', 'size'],
};

const PLACES: Readonly<Record<string, readonly string[]>> = {
  card: ['schema', 'config', 'card_link', 'header', 'body'],
  config: [
    'streaming_mode',
    'streaming_config',
    'summary',
    'locales',
    'enable_forward',
    'enable_forward_interaction',
    'update_multi',
    'width_mode',
    'use_custom_translation',
    'style',
  ],
  header: ['title', 'subtitle', 'text_tag_list', 'i18n_text_tag_list', 'template', 'icon', 'padding'],
  body: box,
};

const MOST_ELEMENTS = 200;
const BUTTONS = /^(default|primary|danger|text|primary_text|danger_text|primary_filled|danger_filled|laser)$/;

/** Null for a card the platform takes, else what it says. */
export function cardFault(card: Loose): string | null {
  if (card === null || typeof card !== 'object')
    return 'ErrCode: 200621; ErrMsg: parse card json err, please check whether the card json is correct';
  if (card.schema !== '2.0') return null;
  const unknown = (place: string, given: Loose): string | null => {
    const bad = Object.keys(given ?? {}).find((key) => !PLACES[place]?.includes(key));
    return bad === undefined ? null : `ErrCode: 200621; ErrMsg: unknown property, property: ${bad}, path: ${place}`;
  };
  if (card.config?.update_multi === false)
    return 'ErrCode: 200621; ErrMsg: cards of schema V2 must be shared; ErrorValue: update_multi';
  const count = { elements: 0 };
  return (
    unknown('card', card) ??
    unknown('config', card.config) ??
    unknown('header', card.header) ??
    unknown('body', card.body) ??
    (card.header === undefined ? null : first([card.header.title, card.header.subtitle], count)) ??
    first(card.body?.elements ?? [], count) ??
    (count.elements > MOST_ELEMENTS ? 'ErrCode: 11310; ErrMsg: element exceeds the limit' : null)
  );
}

const first = (elements: readonly Loose[], count: { elements: number }): string | null => {
  for (const element of elements) {
    const fault = element === undefined ? null : elementFault(element, count);
    if (fault !== null) return fault;
  }
  return null;
};

function elementFault(element: Loose, count: { elements: number }): string | null {
  const { tag } = element ?? {};
  const known = TAGS[tag];
  if (known === undefined) {
    return `ErrCode: 200861; ErrMsg: cards of schema V2 no longer support this capability; ErrorValue: unsupported tag ${tag}`;
  }
  count.elements += 1;
  const bad = Object.keys(element).find((key) => !known.includes(key));
  if (bad !== undefined) return `ErrCode: 200621; ErrMsg: unknown property, property: ${bad}, path: ${tag}`;
  if (tag === 'button' && element.type !== undefined && !BUTTONS.test(element.type)) {
    return `ErrCode: 200621; ErrMsg: invalid button type; ErrorValue: ${element.type}`;
  }
  for (const behavior of element.behaviors ?? []) {
    const isCallback = behavior.type === 'callback' && behavior.value !== null && typeof behavior.value === 'object';
    const isLink = behavior.type === 'open_url' && typeof behavior.default_url === 'string';
    if (!isCallback && !isLink && behavior.type !== 'form_action') return 'ErrCode: 200621; ErrMsg: invalid behavior';
  }
  const inner = [...(element.elements ?? []), ...(tag === 'column_set' ? (element.columns ?? []) : [])];
  return first(inner, count) ?? (element.text === undefined ? null : first([element.text], count));
}
