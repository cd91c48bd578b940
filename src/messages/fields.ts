/**
 * What a person is told about a value that its field cannot hold: what was typed, what is expected, one example. And what
 * the types are called in a configuration.
 */
import type { FaultCode } from '../model/field.ts';
import type { fieldTypes } from '../model/fields/index.ts';
import type { Text, Texts } from './catalogue.ts';

export const fields = {
  'fault.not-a-number': {
    'zh-CN': '“{typed}”不是数字。请填数字，例如 1200 或 3.5万。',
    en: '"{typed}" is not a number. Write a number, for example 1200.',
  },
  'fault.not-a-whole-number': {
    'zh-CN': '“{typed}”不是整数。请填没有小数的数字，例如 3。',
    en: '"{typed}" is not a whole number. Write one without decimals, for example 3.',
  },
  'fault.too-many-decimals': {
    'zh-CN': '“{typed}”的小数超过两位。金额最多保留两位小数，例如 1200.50。',
    en: '"{typed}" has more than two decimals. An amount has two at most, for example 1200.50.',
  },
  'fault.not-a-date': {
    'zh-CN': '看不出“{typed}”是哪一天。请填日期，例如 2026-03-04 或 2026-03-04 14:30。',
    en: '"{typed}" is not a date. Write one such as 2026-03-04 or 2026-03-04 14:30.',
  },
  'fault.ambiguous-date': {
    'zh-CN': '“{typed}”可能是这几天中的任何一天：{readings}。请写完整的年月日，例如 2026-03-04。',
    en: '"{typed}" can be any of these days: {readings}. Write year, month and day, for example 2026-03-04.',
  },
  'fault.time-without-day': {
    'zh-CN': '“{typed}”只有时间，没有日期。请把日期也写上，例如 {day} 14:30 或 今天 14:30。',
    en: '"{typed}" is a time without a day. Write the day as well, for example {day} 14:30 or today 14:30.',
  },
  'fault.in-the-future': {
    'zh-CN': '“{typed}”还没有到。这一列记录已经发生的事，时间不能晚于现在，例如 今天 或 2026-03-04 14:30。',
    en: '"{typed}" is still to come. This column records what has happened, so it cannot be later than now; write for example today or 2026-03-04 14:30.',
  },
  'fault.date-in-text': {
    'zh-CN':
      "这一格变成了日期 {date}，但这一列要的是文字。想写的如果是 {text} 这样的文字，请先把单元格设为“文本”格式再重新输入；如果就是日期，请在前面加一个单引号，例如 '{date}。",
    en: "The app turned this cell into the date {date}, but this column holds text. If you meant text such as {text}, format the cell as Text and type it again; if you meant the day, put an apostrophe before it, for example '{date}.",
  },
  'fault.not-a-duration': {
    'zh-CN':
      '看不出“{typed}”是多长时间。请写上单位，例如 2小时30分 或 90分钟；不写单位的数字按小时算，最多 24；“天”请换算成小时。',
    en: '"{typed}" is not a length of time. Write it with its unit, for example 2h 30m or 90 min; a number without a unit is hours, up to 24; turn days into hours.',
  },
  'fault.not-a-boolean': {
    'zh-CN': '“{typed}”不是“是”也不是“否”。请填 是 或 否。',
    en: '"{typed}" is neither yes nor no. Write Yes or No.',
  },
  'fault.unknown-option': {
    'zh-CN': '“{typed}”不在选项里，最接近的是“{suggestion}”。可以填：{options}。',
    en: '"{typed}" is not one of the options; the nearest is "{suggestion}". Options: {options}.',
  },
  'fault.not-a-rating': {
    'zh-CN': '“{typed}”不是评分。请填 1 到 5，5 最好，例如 5 或 非常满意。',
    en: '"{typed}" is not a rating. Write 1 to 5, where 5 is best, for example 5.',
  },
  'fault.not-a-phone': {
    'zh-CN': '“{typed}”不是电话号码。请填号码，例如 13800138000 或 021-55550101 转 801。',
    en: '"{typed}" is not a phone number. Write one such as 13800138000 or +86 21 5555 0101.',
  },
  'fault.not-an-email': {
    'zh-CN': '“{typed}”不是邮箱地址。请填完整地址，例如 li.lei@example.com。',
    en: '"{typed}" is not a mail address. Write the whole address, for example li.lei@example.com.',
  },
  'fault.not-a-url': {
    'zh-CN': '“{typed}”不是网址。请填以 http:// 或 https:// 开头的地址，例如 https://example.com。',
    en: '"{typed}" is not a web address. Write one that starts with http:// or https://, for example https://example.com.',
  },
  'fault.not-a-name': {
    'zh-CN': '“{typed}”不是名称。请写出名称，例如 张三；没有就把单元格留空。',
    en: '"{typed}" is not a name. Write the name, for example Anna Berg, or leave the cell empty.',
  },
  'fault.ditto': {
    'zh-CN': '“{typed}”要看上一行才知道是谁，而行会被移动和排序。请把名称写全，例如 张三。',
    en: '"{typed}" points to the row above, and rows move. Write the name itself, for example Anna Berg.',
  },
  'fault.precision-lost': {
    'zh-CN':
      '“{typed}”位数太多，表格软件只能保留前 15 位数字，后面的已经丢失。请先把单元格设为“文本”格式，再重新输入完整的号码，例如 310115199001011234。',
    en: '"{typed}" has more digits than the app keeps: only the first 15 survive. Format the cell as Text and type the whole number again, for example 310115199001011234.',
  },
  'fault.too-long': {
    'zh-CN': '“{typed}”太长：最多 {limit} 个字符。请缩短，或放进附件后写附件名，例如 说明.docx。',
    en: '"{typed}" is too long: {limit} characters at most. Shorten it, or attach a file and write its name, for example notes.docx.',
  },
  'fault.sheet-error': {
    'zh-CN': '单元格里是错误值 {typed}，不是内容。请修正公式，或直接填写内容。',
    en: 'The cell holds the error {typed} instead of a value. Mend the formula or type the value itself.',
  },
  'fault.not-a-percentage': {
    'zh-CN': '“{typed}”不是百分比。请带上百分号，例如 5% 或 12.5%。',
    en: '"{typed}" is not a percentage. Write it with its sign, for example 5% or 12.5%.',
  },
  'fault.percent-sign-missing': {
    'zh-CN':
      '“{typed}”可能是 {small}，也可能是 {large}。请带上百分号，例如 5%；大于 100% 的，先把单元格设为“文本”格式再填。',
    en: '"{typed}" can be {small} or {large}. Write the percent sign, for example 5%; above 100% format the cell as Text first.',
  },
  'fault.not-progress': {
    'zh-CN': '“{typed}”不是进度。请填 0% 到 100%，例如 80% 或 已完成。',
    en: '"{typed}" is no progress. Write 0% to 100%, for example 80%, or done.',
  },
  'fault.not-a-score': {
    'zh-CN': '“{typed}”不是分数。请填 {least} 到 {most} 之间的数字，例如 {most}。',
    en: '"{typed}" is not a score. Write a number from {least} to {most}, for example {most}.',
  },
  'fault.not-a-time-of-day': {
    'zh-CN': '“{typed}”不是一天中的时间。请只填几点几分，例如 14:30 或 下午2点半。',
    en: '"{typed}" is not a time of day. Write hours and minutes only, for example 14:30 or 2:30 pm.',
  },
  'fault.not-a-month': {
    'zh-CN': '看不出“{typed}”是哪个月。请填年和月，例如 2026-03 或 2026年10月。',
    en: '"{typed}" is not a month. Write year and month, for example 2026-03.',
  },
  'fault.not-a-record-number': {
    'zh-CN': '“{typed}”不是编号。请照抄完整的编号，连同最后两个字母，例如 T-000042-QK。',
    en: '"{typed}" is not a number of a record. Copy it whole, with its last two letters, for example T-000042-QK.',
  },
  'fault.not-a-code': {
    'zh-CN': '“{typed}”不是编码。请只用文字、数字和 - _ . / # + : & ( )，最多 64 个，例如 HT-2026-001。',
    en: '"{typed}" is not a code. Use letters, digits and - _ . / # + : & ( ) only, 64 at most, for example HT-2026-001.',
  },
  'fault.not-a-serial-number': {
    'zh-CN': '“{typed}”不是序列号。请照铭牌填 3 到 40 位字母、数字和 - . / _ #，例如 CNB7K2Q1XY。',
    en: '"{typed}" is not a serial number. Copy 3 to 40 letters, digits and - . / _ # from the plate, for example CNB7K2Q1XY.',
  },
  'fault.not-a-barcode': {
    'zh-CN':
      '“{typed}”不是条码。条码是 8、12、13 或 14 位数字；开头的 0 容易丢，请先把单元格设为“文本”格式再扫，例如 6901234567892。',
    en: '"{typed}" is not a bar code: it has 8, 12, 13 or 14 digits, and the app drops leading zeros. Format the cell as Text and scan it again, for example 6901234567892.',
  },
  'fault.wrong-check-digit': {
    'zh-CN': '“{typed}”的校验位不对，多半有一位填错了。请照原件逐位核对后重填。',
    en: '"{typed}" has a wrong check digit: one of its digits is most likely mistyped. Compare it with the original and type it again.',
  },
  'fault.not-an-id-card': {
    'zh-CN':
      '“{typed}”不是 18 位身份证号。请照证件填写，例如 11010519491231002X；先把单元格设为“文本”格式，数字才不会丢。',
    en: '"{typed}" is not an identity number of 18 characters. Copy it from the card, for example 11010519491231002X, into a cell formatted as Text.',
  },
  'fault.not-a-postal-code': {
    'zh-CN': '“{typed}”不是邮政编码。请填 6 位数字，例如 200120；开头是 0 的，先把单元格设为“文本”格式，例如 010010。',
    en: '"{typed}" is not a postal code. Write it as on the envelope, for example 200120; format the cell as Text when it begins with 0.',
  },
  'fault.not-an-ip-address': {
    'zh-CN': '“{typed}”不是 IP 地址。请填四段 0 到 255 的数字，例如 192.168.1.20，可带端口或掩码位数。',
    en: '"{typed}" is not an IP address. Write four numbers up to 255, for example 192.168.1.20, with a port or prefix length if need be.',
  },
  'fault.not-a-mac-address': {
    'zh-CN': '“{typed}”不是 MAC 地址。请填 12 位十六进制数，例如 00:1A:2B:3C:4D:5E。',
    en: '"{typed}" is not a MAC address. Write twelve hexadecimal digits, for example 00:1A:2B:3C:4D:5E.',
  },
  'fault.currency-missing': {
    'zh-CN': '“{typed}”没有写币种。请写上币种，例如 1200 USD 或 1200元。',
    en: '"{typed}" names no currency. Write it as well, for example 1200 USD.',
  },
  'fault.unknown-currency': {
    'zh-CN': '“{typed}”里的币种 {currency} 不能用。可以用：{known}，例如 1200 USD。',
    en: 'The currency {currency} in "{typed}" cannot be used here. Use one of {known}, for example 1200 USD.',
  },
  'fault.not-coordinates': {
    'zh-CN':
      '“{typed}”里的坐标不对：纬度在前，最大 90；经度在后，最大 180。是不是要写 {second},{first}？例如 31.203405,121.590622。',
    en: 'The coordinates in "{typed}" are out of range: latitude first, up to 90, then longitude, up to 180. Did you mean {second},{first}? For example 31.203405,121.590622.',
  },
  'fault.unknown-province': {
    'zh-CN': '“{typed}”里的“{part}”不是省份，最接近的是“{suggestion}”。请从省写起，例如 广东省/深圳市/南山区。',
    en: '"{part}" in "{typed}" is not a province; the nearest is "{suggestion}". Begin with the province, for example 广东省/深圳市/南山区.',
  },
  'fault.unknown-city': {
    'zh-CN':
      '“{typed}”里的“{part}”不是{province}的地级市，最接近的是“{suggestion}”。县级市请写在所属的地级市后面，例如 江苏省/苏州市/昆山市。',
    en: '"{part}" in "{typed}" is not a city of {province}; the nearest is "{suggestion}". Put a county-level city behind the city it belongs to, for example 江苏省/苏州市/昆山市.',
  },
  'fault.several-files': {
    'zh-CN': '“{typed}”是几个文件，这一格只能放一个。请只留一个文件名，例如 验收单.pdf。',
    en: '"{typed}" names several files and this cell holds one. Keep one name, for example report.pdf.',
  },

  'type.text': { 'zh-CN': '文本', en: 'Text' },
  'type.long-text': { 'zh-CN': '多行文本', en: 'Long text' },
  'type.number': { 'zh-CN': '数字', en: 'Number' },
  'type.integer': { 'zh-CN': '整数', en: 'Whole number' },
  'type.money': { 'zh-CN': '金额', en: 'Money' },
  'type.date': { 'zh-CN': '日期', en: 'Date' },
  'type.datetime': { 'zh-CN': '日期时间', en: 'Date and time' },
  'type.past-datetime': { 'zh-CN': '发生时间', en: 'Past date and time' },
  'type.duration': { 'zh-CN': '时长', en: 'Duration' },
  'type.choice': { 'zh-CN': '单选', en: 'Choice' },
  'type.boolean': { 'zh-CN': '是否', en: 'Yes or no' },
  'type.person': { 'zh-CN': '人员', en: 'Person' },
  'type.department': { 'zh-CN': '部门', en: 'Department' },
  'type.phone': { 'zh-CN': '电话', en: 'Phone' },
  'type.email': { 'zh-CN': '邮箱', en: 'E-mail' },
  'type.url': { 'zh-CN': '网址', en: 'Web address' },
  'type.rating': { 'zh-CN': '评分', en: 'Rating' },
  'type.link': { 'zh-CN': '关联名称', en: 'Linked name' },
  'type.files': { 'zh-CN': '附件', en: 'Files' },
  'type.choices': { 'zh-CN': '多选', en: 'Choices' },
  'type.persons': { 'zh-CN': '多人', en: 'People' },
  'type.tags': { 'zh-CN': '标签', en: 'Tags' },
  'type.attachment': { 'zh-CN': '单个附件', en: 'One file' },
  'type.percent': { 'zh-CN': '百分比', en: 'Percentage' },
  'type.progress': { 'zh-CN': '进度', en: 'Progress' },
  'type.score': { 'zh-CN': '百分制评分', en: 'Score out of 100' },
  'type.nps': { 'zh-CN': '推荐度', en: 'NPS' },
  'type.time-of-day': { 'zh-CN': '时刻', en: 'Time of day' },
  'type.year-month': { 'zh-CN': '年月', en: 'Month' },
  'type.currency-amount': { 'zh-CN': '外币金额', en: 'Amount with currency' },
  'type.record-link': { 'zh-CN': '关联记录', en: 'Linked record' },
  'type.record-links': { 'zh-CN': '关联多条记录', en: 'Linked records' },
  'type.region': { 'zh-CN': '省市区', en: 'Chinese region' },
  'type.location': { 'zh-CN': '地址定位', en: 'Location' },
  'type.code': { 'zh-CN': '编码', en: 'Code' },
  'type.serial-code': { 'zh-CN': '序列号', en: 'Serial number' },
  'type.barcode': { 'zh-CN': '条码', en: 'Bar code' },
  'type.id-card': { 'zh-CN': '身份证号', en: 'Chinese identity number' },
  'type.postal-code': { 'zh-CN': '邮政编码', en: 'Postal code' },
  'type.ip-address': { 'zh-CN': 'IP地址', en: 'IP address' },
  'type.mac-address': { 'zh-CN': 'MAC地址', en: 'MAC address' },
  'type.auto-number': { 'zh-CN': '自动编号', en: 'Automatic number' },
  'type.formula': { 'zh-CN': '公式', en: 'Formula' },
  'type.lookup': { 'zh-CN': '引用', en: 'Lookup' },
  'type.created-by': { 'zh-CN': '创建人', en: 'Created by' },
  'type.changed-by': { 'zh-CN': '修改人', en: 'Changed by' },
  'type.created-at': { 'zh-CN': '建立时间', en: 'Time created' },
  'type.changed-at': { 'zh-CN': '修改时间', en: 'Time changed' },
} as const satisfies Texts & Record<`fault.${FaultCode}` | `type.${keyof typeof fieldTypes}`, Text>;
