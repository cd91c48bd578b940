"""Hands of a person in LibreOffice: starts a headless office with a profile of its own and obeys one JSON line after
another on standard input; answers each with one JSON line. Ends with its input."""
import json, os, subprocess, sys, time
import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.table import BorderLine2, TableSortField

profile = sys.argv[1]
pipe = 'rowkeeper-witness-%d' % os.getpid()
office = subprocess.Popen(
    ['soffice', '-env:UserInstallation=' + uno.systemPathToFileUrl(profile), '--headless', '--invisible', '--norestore',
     '--nologo', '--nodefault', '--accept=pipe,name=%s;urp;' % pipe],
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def desktop():
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext('com.sun.star.bridge.UnoUrlResolver', local)
    for _ in range(600):
        try:
            context = resolver.resolve('uno:pipe,name=%s;urp;StarOffice.ComponentContext' % pipe)
            return context.ServiceManager.createInstanceWithContext('com.sun.star.frame.Desktop', context)
        except NoConnectException:
            if office.poll() not in (None, 81):
                raise SystemExit('soffice ended with %s' % office.returncode)
            time.sleep(0.1)
    raise SystemExit('soffice did not answer within a minute')


def prop(name, value):
    return PropertyValue(Name=name, Value=value)


def used(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    return cursor.RangeAddress


class Hands:
    def __init__(self, app):
        self.app = app
        self.open_files = {}

    def sheet(self, order):
        return self.open_files[order['path']].Sheets.getByName(order['tab'])

    def open(self, order):
        url = uno.systemPathToFileUrl(order['path'])
        document = self.app.loadComponentFromURL(url, '_blank', 0, (prop('Hidden', True),))
        if document is None:
            raise RuntimeError('LibreOffice cannot open ' + order['path'])
        self.open_files[order['path']] = document

    def type(self, order):
        """Texts as typed at the keyboard: numbers, dates and formulas are taken for what they look like."""
        sheet = self.sheet(order)
        for address, text in order['cells'].items():
            sheet.getCellRangeByName(address).FormulaLocal = text

    def insert_rows(self, order):
        self.sheet(order).Rows.insertByIndex(order['row'], order['count'])

    def remove_rows(self, order):
        self.sheet(order).Rows.removeByIndex(order['row'], order['count'])

    def rename_tab(self, order):
        self.sheet(order).Name = order['name']

    def move_tab(self, order):
        self.open_files[order['path']].Sheets.moveByName(order['tab'], order['position'])

    def remove_tab(self, order):
        self.open_files[order['path']].Sheets.removeByName(order['tab'])

    def remove_chart(self, order):
        page = self.sheet(order).DrawPage
        shapes = [page.getByIndex(i) for i in range(page.Count)]
        page.remove(next(shape for shape in shapes if shape.Name == order['name']))

    def charts(self, order):
        """Names of the charts drawn on a tab, as its list of objects has them."""
        page = self.sheet(order).DrawPage
        return [page.getByIndex(i).Name for i in range(page.Count)]

    def sort(self, order):
        """Sorts whole rows below the header row by one column, as the Data menu does."""
        sheet = self.sheet(order)
        area = used(sheet)
        field = TableSortField(Field=order['column'], IsAscending=order['ascending'])
        rows = sheet.getCellRangeByPosition(0, order['header'] + 1, area.EndColumn, area.EndRow)
        rows.sort((prop('SortFields', uno.Any('[]com.sun.star.table.TableSortField', (field,))),
                   prop('ContainsHeader', False)))

    def shown(self, order):
        """Every cell of a tab as its text on the screen."""
        sheet = self.sheet(order)
        area = used(sheet)
        return [[sheet.getCellByPosition(c, r).String for c in range(area.EndColumn + 1)] for r in range(area.EndRow + 1)]

    def save(self, order):
        self.open_files[order['path']].store()

    def close(self, order):
        self.open_files.pop(order['path']).close(True)

    def picture(self, order):
        """One tab as on the screen, with its row and column headings, as a PDF of a single page. The first row stands on top."""
        document = self.app.loadComponentFromURL(
            uno.systemPathToFileUrl(order['path']), '_blank', 0, (prop('Hidden', True), prop('ReadOnly', True)))
        try:
            for sheet in document.Sheets:
                sheet.setPrintAreas(())
            sheet = document.Sheets.getByName(order['tab'])
            area = sheet.getCellRangeByName(order['range'])
            line = BorderLine2(Color=0xD0D0D0, OuterLineWidth=9, LineWidth=9)
            for side in ('LeftBorder', 'RightBorder', 'TopBorder', 'BottomBorder'):
                setattr(area, side, line)
            sheet.setPrintAreas((area.RangeAddress,))
            header = sheet.Rows.getByIndex(0)
            sheet.setTitleRows(header.RangeAddress)
            sheet.setPrintTitleRows(True)
            for other in document.Sheets:
                if other.Name != order['tab']:
                    other.IsVisible = False
            page = document.StyleFamilies.getByName('PageStyles').getByName(sheet.PageStyle)
            for name, value in (('HeaderIsOn', False), ('FooterIsOn', False), ('PrintHeaders', True), ('PrintGrid', False),
                                ('LeftMargin', 300), ('RightMargin', 300), ('TopMargin', 300), ('BottomMargin', 300),
                                ('Width', area.Size.Width + 2400), ('Height', area.Size.Height + header.Size.Height + 1800),
                                ('PageScale', 100)):
                setattr(page, name, value)
            document.storeToURL(uno.systemPathToFileUrl(order['to']), (prop('FilterName', 'calc_pdf_Export'),))
        finally:
            document.close(True)

    def convert(self, order):
        document = self.app.loadComponentFromURL(
            uno.systemPathToFileUrl(order['path']), '_blank', 0, (prop('Hidden', True), prop('ReadOnly', True)))
        try:
            options = [prop('FilterName', order['filter'])]
            if 'options' in order:
                options.append(prop('FilterOptions', order['options']))
            document.storeToURL(uno.systemPathToFileUrl(order['to']), tuple(options))
        finally:
            document.close(True)


try:
    hands = Hands(desktop())
    print(json.dumps({'ok': True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {'ok': True, 'result': getattr(hands, order['do'])(order)}
        except Exception as error:  # the office names its faults in many classes; the test sees the text
            answer = {'ok': False, 'error': '%s: %s' % (type(error).__name__, error)}
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    try:
        hands.app.terminate()
    except Exception:
        pass
finally:
    try:
        office.wait(10)
    except subprocess.TimeoutExpired:
        office.kill()
