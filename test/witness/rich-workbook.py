"""A workbook as a team has it after years: a ticket tab, and around it everything a service could spoil. Argument: path."""
import struct, sys, zipfile, zlib
from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, PieChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

path = sys.argv[1]
book = Workbook()
tickets = book.active
tickets.title = '工单'
header = ['工单号', '状态', '优先级', '问题标题', '详细描述', '客户名称', '联系电话', '我们的备注', '工时费', '合计']
tickets.append(header)
for n in range(1, 31):
    tickets.append(['', '新建', '中', '现场问题 %d' % n, '打印机卡纸 <%d> & "急"' % n, '客户 %d' % (n % 7),
                    '1380000%04d' % n, '备注 %d' % n, n * 10, '=I%d*1.13' % (n + 1)])
for cell in tickets[1]:
    cell.font = Font(bold=True, color='FFFFFF')
    cell.fill = PatternFill('solid', fgColor='1D7F4C')
tickets['H3'].comment = Comment('客户要求周五之前上门', '林晓')
tickets['D5'].alignment = Alignment(wrap_text=True)
tickets.freeze_panes = 'B2'
tickets.auto_filter.ref = 'A1:J31'
tickets.row_dimensions[7].hidden = True
tickets.conditional_formatting.add('C2:C31', CellIsRule(operator='equal', formula=['"紧急"'], fill=PatternFill('solid', bgColor='FDE7E5')))
tickets.conditional_formatting.add('I2:I31', DataBarRule('num', 0, 'max', None, color='638EC6'))
choices = DataValidation(type='list', formula1='"紧急,高,中,低"', allow_blank=True)
choices.add('C2:C31')
tickets.add_data_validation(choices)

analysis = book.create_sheet('我的分析')
analysis.append(['月份', '数量', '费用'])
for month in range(1, 13):
    analysis.append(['%d月' % month, month * 3, '=SUM(工单!$I$2:$I$31)*%d' % month])
analysis.add_table(Table(displayName='月报', ref='A1:C13', tableStyleInfo=TableStyleInfo(name='TableStyleMedium9', showRowStripes=True)))
analysis.conditional_formatting.add('B2:B13', ColorScaleRule('min', None, 'F8696B', 'max', None, '63BE7B'))
for chart, anchor in ((BarChart(), 'E2'), (LineChart(), 'E18'), (PieChart(), 'N2')):
    chart.title = '每月工单'
    chart.add_data(Reference(analysis, min_col=2, min_row=1, max_row=13), titles_from_data=True)
    chart.set_categories(Reference(analysis, min_col=1, min_row=2, max_row=13))
    analysis.add_chart(chart, anchor)
hidden = book.create_sheet('基础数据')
hidden.sheet_state = 'hidden'
hidden.append(['勿删'])
book.defined_names.append(DefinedName('所有费用', attr_text="工单!$I$2:$I$31"))
book.save(path)

# Parts openpyxl does not make by itself: macros, custom XML, a photo beside the charts.
with zipfile.ZipFile(path) as source:
    parts = [(entry, source.read(entry)) for entry in source.infolist()]


def with_type(xml, extension, kind):
    return xml.replace(b'<Default ', b'<Default Extension="%s" ContentType="%s"/><Default ' % (extension, kind), 1)


def with_relationship(xml, name, kind, target):
    link = b'<Relationship Id="%s" Type="%s" Target="%s"/>' % (name, kind, target)
    return xml.replace(b'</Relationships>', link + b'</Relationships>')


def png(side):
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    rows = b''.join(b'\0' + b''.join(bytes((x * 3 % 256, y * 5 % 256, 90)) for x in range(side)) for y in range(side))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


PHOTO = b'''<oneCellAnchor><from><col>13</col><colOff>0</colOff><row>20</row><rowOff>0</rowOff></from><ext cx="952500" cy="952500"/>
<pic><nvPicPr><cNvPr id="99" name="photo"/><cNvPicPr/></nvPicPr><blipFill>
<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rIdPhoto"/></blipFill>
<spPr><a:prstGeom xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" prst="rect"/></spPr></pic><clientData/></oneCellAnchor>'''

with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as out:
    for entry, content in parts:
        if entry.filename == '[Content_Types].xml':
            content = with_type(content, b'bin', b'application/vnd.ms-office.vbaProject')
            content = with_type(content, b'png', b'image/png')
        if entry.filename == 'xl/_rels/workbook.xml.rels':
            content = with_relationship(content, b'rIdMacros', b'http://schemas.microsoft.com/office/2006/relationships/vbaProject', b'vbaProject.bin')
            content = with_relationship(content, b'rIdMine', b'http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml', b'../customXml/item1.xml')
        if entry.filename == 'xl/drawings/drawing1.xml':
            content = content.replace(b'</wsDr>', PHOTO + b'</wsDr>')
        if entry.filename == 'xl/drawings/_rels/drawing1.xml.rels':
            content = with_relationship(content, b'rIdPhoto', b'http://schemas.openxmlformats.org/officeDocument/2006/relationships/image', b'../media/image9.png')
        out.writestr(entry, content)
    out.writestr('xl/vbaProject.bin', bytes((n * 7 + n // 256) % 256 for n in range(20000)))
    out.writestr('customXml/item1.xml', '<?xml version="1.0"?><mine xmlns="urn:team">不要动</mine>')
    out.writestr('xl/media/image9.png', png(64), zipfile.ZIP_STORED)
