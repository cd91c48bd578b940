"""Looks through workbooks part by part, as a strict reader would, and prints what is wrong as JSON: a list per file.
Arguments: paths. Every part is well-formed, has a content type, and leads only to parts that are there; children of a
sheet stand in their order; names, ids and references do not meet."""
import json, posixpath, re, sys, zipfile
import xml.etree.ElementTree as tree

ORDER = ('sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios '
         'autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations '
         'hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches '
         'ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls '
         'webPublishItems tableParts extLst').split()
CHART_ORDER = {
    'ser': ('idx order tx spPr invertIfNegative pictureOptions explosion marker dPt dLbls trendline errBars cat xVal val '
            'yVal smooth shape extLst').split(),
    'catAx': ('axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos '
              'spPr txPr crossAx crosses crossesAt auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl extLst').split(),
    'valAx': ('axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos '
              'spPr txPr crossAx crosses crossesAt crossBetween majorUnit minorUnit dispUnits extLst').split(),
    'chart': ('title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs '
              'extLst').split(),
    'dLbls': ('dLbl delete numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent '
              'showBubbleSize separator showLeaderLines leaderLines extLst').split(),
}


def local(tag):
    return tag.rsplit('}', 1)[-1]


def ordered(element, order, where, faults):
    names = [local(child.tag) for child in element]
    unknown = [name for name in names if name not in order]
    places = [order.index(name) for name in names if name in order]
    if unknown or places != sorted(places):
        faults.append('%s: children of %s: %s' % (where, local(element.tag), names))


def twice(values):
    return sorted({value for value in values if values.count(value) > 1})


def check(path):
    faults = []
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        if twice([name.lower() for name in names]):
            faults.append('two parts of one name')
        parts = {}
        for name in names:
            if name.endswith(('.xml', '.rels', '.vml')):
                try:
                    parts[name] = tree.fromstring(file.read(name))
                except tree.ParseError as error:
                    faults.append('%s: %s' % (name, error))
    types = parts['[Content_Types].xml']
    overrides = [one.get('PartName') for one in types if local(one.tag) == 'Override']
    defaults = [one.get('Extension').lower() for one in types if local(one.tag) == 'Default']
    faults += ['content type twice: %s' % name for name in twice([name.lower() for name in overrides])]
    faults += ['content type of nothing: %s' % name for name in overrides if name[1:] not in names]
    faults += ['no content type: %s' % name for name in names if not name.endswith('/') and name != '[Content_Types].xml'
               and '/' + name not in overrides and name.rsplit('.', 1)[-1].lower() not in defaults]
    reached = set()
    for name, root in parts.items():
        if not name.endswith('.rels'):
            continue
        folder, base = posixpath.split(name)
        source = posixpath.join(posixpath.dirname(folder), base[:-5])
        if source and source not in names:
            faults.append('%s: relationships of nothing' % name)
        faults += ['%s: %s twice' % (name, one) for one in twice([link.get('Id') for link in root])]
        used = set(re.findall(r'"(rId\d+)"', file_text(path, source))) if source in names else None
        for link in root:
            if link.get('TargetMode') == 'External':
                if used is not None and link.get('Id') not in used:
                    faults.append('%s: %s is not used' % (name, link.get('Id')))
                continue
            target = link.get('Target')
            full = target[1:] if target.startswith('/') else posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
            reached.add(full)
            if full not in names:
                faults.append('%s: leads to %s' % (name, full))
        if used is not None:
            known = {link.get('Id') for link in root}
            faults += ['%s: no relationship %s' % (source, one) for one in used if one not in known]
    faults += ['nothing leads to %s' % name for name in names
               if re.search(r'xl/(charts/chart|drawings/drawing|worksheets/sheet)\d*\.xml$', name) and name not in reached]
    book = parts['xl/workbook.xml']
    sheets = [one for one in book.iter() if local(one.tag) == 'sheet']
    titles = [one.get('name') for one in sheets]
    faults += ['tab name twice: %s' % one for one in twice([title.lower() for title in titles])]
    faults += ['tab name: %r' % one for one in titles if not 0 < len(one.encode('utf-16-le')) // 2 <= 31
               or re.search(r"[:\\/?*\[\]]|^'|'$", one)]
    faults += ['sheet id twice: %s' % one for one in twice([one.get('sheetId') for one in sheets])]
    defined = [(one.get('name').lower(), one.get('localSheetId')) for one in book.iter() if local(one.tag) == 'definedName']
    faults += ['defined name twice: %s' % (one,) for one in twice(defined)]
    for name, root in parts.items():
        if local(root.tag) == 'worksheet':
            ordered(root, ORDER, name, faults)
            rows = [int(row.get('r')) for row in root.iter() if local(row.tag) == 'row']
            if rows != sorted(set(rows)):
                faults.append('%s: rows out of order' % name)
            for row in root.iter():
                if local(row.tag) != 'row':
                    continue
                places = [cell.get('r') for cell in row]
                columns = [(len(re.sub(r'\d', '', one)), one) for one in places]
                if columns != sorted(columns) or twice(places):
                    faults.append('%s: cells out of order in row %s' % (name, row.get('r')))
            for kind in ('hyperlink', 'mergeCell'):
                faults += ['%s: %s twice at %s' % (name, kind, one) for one in
                           twice([one.get('ref') for one in root.iter() if local(one.tag) == kind])]
            faults += ['%s: rule priority %s twice' % (name, one) for one in
                       twice([one.get('priority') for one in root.iter() if local(one.tag) == 'cfRule' and one.get('priority')])]
            for one in root.iter():
                if local(one.tag) in ('mergeCells',) and one.get('count') and int(one.get('count')) != len(one):
                    faults.append('%s: count of %s' % (name, local(one.tag)))
        elif local(root.tag) == 'wsDr':
            faults += ['%s: id %s twice' % (name, one) for one in
                       twice([one.get('id') for one in root.iter() if local(one.tag) == 'cNvPr'])]
        elif local(root.tag) == 'chartSpace':
            for one in root.iter():
                order = CHART_ORDER.get(local(one.tag))
                if order is not None:
                    ordered(one, order, name, faults)
        elif local(root.tag) == 'styleSheet':
            counts = {local(one.tag): len(one) for one in root}
            for one in root:
                if one.get('count') and int(one.get('count')) != len(one):
                    faults.append('%s: count of %s' % (name, local(one.tag)))
            for xf in [xf for one in root if local(one.tag) == 'cellXfs' for xf in one]:
                for kind, listed in (('fontId', 'fonts'), ('fillId', 'fills'), ('borderId', 'borders')):
                    if int(xf.get(kind) or 0) >= counts.get(listed, 0):
                        faults.append('%s: %s %s' % (name, kind, xf.get(kind)))
            limit = counts.get('cellXfs', 0)
            for sheet, other in parts.items():
                if local(other.tag) == 'worksheet':
                    faults += ['%s: style %s' % (sheet, cell.get('s')) for cell in other.iter()
                               if local(cell.tag) == 'c' and int(cell.get('s') or 0) >= limit]
    return faults


def file_text(path, part):
    with zipfile.ZipFile(path) as file:
        return file.read(part).decode('utf-8', 'replace')


print(json.dumps({path: check(path) for path in sys.argv[1:]}, ensure_ascii=False))
