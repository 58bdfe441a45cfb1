"""The files an import hands out: the template to fill in, and the rows it could not take."""

import io

import xlsxwriter

#: What a spreadsheet program takes for a formula when it opens a text.
RISKY = ('=', '+', '-', '@', '\t', '\r')
WIDE, NARROW = 34, 18


def harmless(cell):
    """Return a cell that no spreadsheet program executes, not even after it is saved as text.

    >>> harmless('=HYPERLINK("http://x")'), harmless('Ana'), harmless(-5)
    ('\\'=HYPERLINK("http://x")', 'Ana', -5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def write_workbook(sheets):
    """Return a workbook as bytes.

    :param sheets: list of (name, header texts, rows); a header of None makes a sheet of plain text lines
    """
    buffer = io.BytesIO()
    options = {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}
    options['default_date_format'] = 'dd/mm/yyyy'
    with xlsxwriter.Workbook(buffer, options) as book:
        head = book.add_format({'bold': True, 'bg_color': '#714B67', 'font_color': 'white'})
        wrapped = book.add_format({'text_wrap': True, 'valign': 'top'})
        for name, header, rows in sheets:
            sheet = book.add_worksheet(name[:31])
            if header is None:
                sheet.set_column(0, 0, 26, wrapped)
                sheet.set_column(1, 1, 90, wrapped)
            else:
                sheet.set_column(0, len(header) - 1, NARROW)
                sheet.set_row(0, 22)
                sheet.write_row(0, 0, header, head)
                sheet.freeze_panes(1, 0)
            for number, cells in enumerate(rows, start=0 if header is None else 1):
                sheet.write_row(number, 0, [harmless(cell) for cell in cells])
    return buffer.getvalue()
