"""What the columns of a portfolio mean, from the words people put above them."""

import re
import unicodedata

#: Field → titles of its column, in Spanish and English, normalised.
SYNONYMS = {
    'vat': (
        'ruc, nit, rut, cuit, rfc, vat, tax id, nif, cif, rnc, cedula, dni, rtn, tin, vat number, '
        'tax number, identificacion, id fiscal, numero de identificacion, documento de identidad, '
        'identificacion fiscal, registro tributario'
    ),
    'reference': (
        'codigo cliente, codigo, cod cliente, customer code, codigo de cliente, cliente id, id '
        'cliente, customer id, customer reference, customer number, account number, referencia '
        'cliente'
    ),
    'name': (
        'cliente, razon social, nombre, customer, customer name, name, nombre cliente, deudor, '
        'debtor, nombre del cliente, client, company, empresa, nombre o razon social, tercero'
    ),
    'email': 'correo, email, e mail, mail, correo electronico, email address',
    'phone': 'telefono, celular, phone, movil, mobile, telephone, whatsapp, phone number, tel',
    'country': 'pais, country',
    'number': (
        'documento, numero de documento, factura, numero, nro documento, invoice, invoice number, '
        'folio, document, document number, n documento, num documento, no documento, numero '
        'factura, comprobante, nro factura, numero de factura, serie numero, doc, n factura, '
        'number, nro, no factura'
    ),
    'instalment': 'cuota, instalment, installment, n cuota, nro cuota, numero de cuota, plazo, letra',
    'issue_date': (
        'fecha de emision, emision, fecha, fecha emision, issue date, invoice date, date, fecha '
        'factura, document date, fecha documento, fecha de factura, fecha doc, f emision'
    ),
    'due_date': (
        'fecha de vencimiento, vencimiento, fecha vencimiento, due date, vence, due, vto, fecha '
        'vto, maturity, maturity date, f vencimiento, fecha de pago, fecha venc, payment due '
        'date, vcto'
    ),
    'currency': 'moneda, currency, divisa, mon, tipo moneda, tipo de moneda',
    'amount': (
        'importe original, monto original, importe, monto, total, original amount, amount, valor, '
        'total factura, invoice amount, valor original, importe total, monto total, invoice '
        'total, total amount, valor factura'
    ),
    'balance': (
        'saldo pendiente, saldo, pendiente, open balance, balance, amount due, residual, open '
        'amount, importe pendiente, monto pendiente, deuda, por cobrar, outstanding, saldo por '
        'cobrar, saldo actual, outstanding amount, outstanding balance, saldo insoluto, adeudado'
    ),
    'book_balance': (
        'saldo en moneda local, saldo en moneda de la compania, saldo en moneda de la empresa, '
        'saldo local, saldo contable, saldo moneda local, '
        'saldo mn, balance in company currency, local balance, book balance, saldo en moneda nacional, '
        'saldo funcional'
    ),
    'salesperson': 'vendedor, salesperson, ejecutivo, comercial, asesor, seller, sales rep, agente',
    'tag': 'etiqueta, tag, tags, etiquetas, categoria, category, segmento, grupo, label',
}
#: Without these there is nothing to import.
NEEDED = ('name', 'number', 'due_date', 'balance')
#: A file may have a title above its columns.
HEADER_WITHIN = 15


def normalise(header):
    """Return a column title without accents, punctuation, capitals and what stands in brackets.

    >>> normalise('  N.º de Teléfono (fijo) '), normalise('FECHA_VENC.')
    ('n de telefono', 'fecha venc')
    """
    text = unicodedata.normalize('NFD', str(header or '').lower().replace('º', '').replace('°', ''))
    text = ''.join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub(r'\(.*?\)', ' ', text)
    return ' '.join(re.sub(r'[^a-z0-9]+', ' ', text).split())


def known_words(synonyms):
    """Return {title: field} of {field: 'title, title'}."""
    return {word: field for field, words in synonyms.items() for word in words.split(', ')}


_KNOWN = known_words(SYNONYMS)


def recognise(headers, known=None):
    """Return {position: field}: each field at most once, whole titles before parts of titles, longer before shorter.

    :param dict known: {normalised title: field}; those of an opening portfolio by default

    >>> recognise(['RUC', 'Razón social', 'N° Factura', 'Fecha de vencimiento', 'Saldo pendiente US$', 'Comentario'])
    {0: 'vat', 1: 'name', 2: 'number', 3: 'due_date', 4: 'balance'}
    """
    known = known or _KNOWN
    titles = [normalise(header) for header in headers]
    found = {}
    for position, title in enumerate(titles):
        field = known.get(title)
        if field and field not in found.values():
            found[position] = field
    for _length, position, field in sorted(_partial_matches(titles, found, known), reverse=True):
        if position not in found and field not in found.values():
            found[position] = field
    return dict(sorted(found.items()))


def _partial_matches(titles, found, known):
    """Yield (length, position, field) of the words inside titles that are not recognised as a whole."""
    for position, title in enumerate(titles):
        if position in found or not title:
            continue
        for word, field in known.items():
            if len(word) > 2 and f' {word} ' in f' {title} ':
                yield len(word), position, field


def find_header(rows, known=None):
    """Return the index of the row with the most recognised titles among the first ones; 0 when there is none.

    >>> find_header([('Cartera al 30/11',), ('RUC', 'Cliente', 'Saldo'), ('20', 'Ana', 5)])
    1
    """
    best = max(
        range(min(len(rows), HEADER_WITHIN)),
        key=lambda index: (len(recognise(_texts(rows[index]), known)), -index),
        default=0,
    )
    return best


def _texts(cells):
    return [cell if isinstance(cell, str) else '' for cell in cells]
