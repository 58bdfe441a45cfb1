"""The words by which people say what they want: an ordered table, the first row that fits decides.

All words here are in lower case and without accents, as `understanding_words.words` returns them.
"""

from typing import NamedTuple

from .understanding_words import listed


class Row(NamedTuple):
    """An intent, the patterns that tell it anywhere in a message, the messages that tell it when they are all of it."""

    intent: str
    anywhere: tuple = ()
    whole: tuple = ()  # without the polite words


_PAY = r'(?:pagar\w*|cancelar|abonar|depositar|transferir)'
_PAID = r'(?:pague|pagamos|abone|deposite|transferi|cancele|cancelamos)'
_STOP = r'(?:molest\w*|escrib\w*|mand\w*|envi\w*|llam\w*|contact\w*|acos\w*|fastidi\w*|jod\w*|insist\w*|hinch\w*)'
_DEBT = r'(?:deuda|facturas?|cuenta|boletas?|recibos?|saldo|cuotas?|total|pendiente|todo)'
_GOODS = r'(?:mercaderia|mercancia|productos?|pedido|servicio)'
_MESSAGES = r'(?:mensajes?|whatsapps?|avisos|recordatorios|llamadas)'
_HANDED = r'(?:adjunt\w+|envi\w+|mand\w+|paso|dejo|comparto|aqui|aca|ahi|este es|tengo|subo)'
_RECEIPT = r'(?:comprobante|voucher|constancia|captura|deposito|transferencia|receipt)'
_NOT = r'(?<!no )(?<!no he )(?<!no la )(?<!no lo )(?<!no les )(?<!nunca )(?<!sin )'

OPT_OUT = Row(
    'opt_out',
    (
        r'\bde baja\b',
        r'\b(?:solicito|pido|quiero) (?:la |mi )?baja\b',
        rf'\bstop (?:\w+ )?(?:{_MESSAGES}|messag\w+|writing|texting|contacting|sending)\b',
        rf'\b(?:dej[ae]|dejen|dejar|dejes|pare|paren|parar) (?:ya )?de (?:me )?(?:estar )?{_STOP}\b',
        r'\b(?:no|nunca) me (?:vuelv\w+ a )?(?:escrib|contact|molest|fastidi|acos|hinch|jod)\w*',
        r'\bno (?:escriban|molesten|contacten|molestar) mas\b',
        r'\bya no (?:me )?(?:escriban|molesten|manden|envien|contacten)\b',
        r'\bno me (?:mand|envi)(?:en?|es) (?:mas|nada|mensajes|whatsapps?|esto|estos)\b',
        # who asks not to be called but written to goes on
        r'\bno me llam(?:en|e|es)\b(?!.*\b(?:escrib|mensaj|whats))',
        r'\bno (?:quiero|deseo|queremos) (?:mas |seguir |volver a )*recib\w+\b',
        rf'\bno (?:quiero|deseo|queremos) (?:mas |sus |estos |tus )*{_MESSAGES}\b',
        rf'\bno (?:quiero|deseo|queremos) que (?:me|nos) (?:\w+ )?{_STOP}\b',
        r'\b(?:borren?me|saquenme|quitenme de|sacame de|(?:borren|eliminen|quiten) mi (?:numero|contacto))\b',
        rf'\bno mas {_MESSAGES}\b|\bdej(?:enme|ame|eme) (?:en paz|tranquil[oa])\b',
        r'\bdejar de recibir\b|\b(?:cancelar|anular) (?:la |mi )?(?:suscripcion|subscripcion)\b',
        r'\b(?:stop|detener|parar) (?:las |los )?(?:promo\w+|notificacion\w*|mensajes|avisos)\b',
        r'\b(?:do not|dont) (?:contact|text|message|write)\b|\bunsubscribe\b',
    ),
    (
        'baja',
        'stop',
        'alto',
        'basta',
        'no molestar',
        'no molesten',
        'spam',
        'ya basta',
        'no recibir',
        'no recibir mas',
        'detener',
        'stop all',
        'opt out',
    ),
)
WRONG_PERSON = Row(
    'wrong_person',
    (
        r'\bnumero (?:es )?(?:equivocado|incorrecto|erroneo)\b|\bwrong (?:number|person)\b|\bnot me\b',
        r'\bno soy (?:yo|esa|ese|esta|la persona|el titular|la titular|quien|el senor|la senora|a quien)\b',
        r'\bno soy (?:el|la) que (?:busca|debe|buscan)\b',
        r'\bequivoc\w+ de (?:numero|persona)\b|\b(?:numero|persona) equivocad[oa]\b',
        r'\bme (?:confunden?|confundes|confundieron|estan confundiendo) (?:con|de)\b|\bno conozco a\b',
        r'\b(?:numero|telefono|celular) (?:ya )?no (?:es de|le pertenece|pertenece)\b',
        r'\beste no es el (?:numero|telefono|celular) de\b',
    ),
    ('equivocado', 'esta equivocado', 'se equivoco', 'se equivocaron'),
)
OPT_IN = Row(
    'opt_in',
    (
        r'\b(?:dar|darme|denme|dame|quiero) de alta\b|(?<!un)\bsubscribe\b',
        rf'\b(?:quiero|deseo|acepto|autorizo) (?:volver a |si )?recibir (?:\w+ )?{_MESSAGES}\b',
    ),
    ('alta', 'start'),
)
PAID = Row(
    'paid',
    (
        rf'{_NOT}\b(?:ya|ayer|hoy|recien|anoche|anteayer) (?:les? |l[oa]s? |se |te |yo )*{_PAID}\b',
        rf'{_NOT}\b{_PAID} (?:ayer|hoy|anoche|anteayer|el|la|los|las|es[ae]|esta|mi|todo|con|por|en|hace|[0-9])',
        r'(?<!no )(?<!aun no )\b(?:he|hemos) (?:pagado|abonado|depositado|transferido|cancelado)\b',
        r'\bya (?:l[oa]s? )?(?:di|fue|esta|quedo) (?:pagad|cancelad|abonad|el dinero|la plata)',
        r'\b(?:hice|realice|efectue|hicimos) (?:el|la|un|una|mi) (?:pago|deposito|transferencia|abono)\b',
        r'\bacabo de (?:hacer|pagar|transferir|depositar|abonar)\b|(?<!not )\b(?:already|have|ive|i) paid\b',
        rf'\b{_HANDED} (?:\w+ ){{0,3}}{_RECEIPT}\b',
    ),
    (
        'pague', 'transferi', 'deposite', 'abone', 'cancele', 'pagado', 'pagada', 'paid',
        'comprobante', 'el comprobante', 'voucher', 'comprobante de pago', 'mi comprobante',
        'esta pagado', 'esta pagada',
    ),
)  # fmt: skip
PERSON = Row(
    'person',
    (
        r'\b(?:asesor|agente|humano|ejecutiv[oa]|operador|operadora|representante|human|agent|encargad[oa])\b',
        r'\b(?:hablar|comunicar\w*|conversar|chatear) (?:\w+ )?con (?:una?|alguien|alguna?|el|la|ustedes)\b',
        r'\b(?:speak|talk) (?:to|with) (?:someone|a|an|somebody)\b',
        r'\b(?:persona real|una persona|atencion al cliente|llamenme|llameme|que me llamen)\b',
    ),
    ('persona',),
)
HOW_MUCH = Row(
    'balance',
    (
        r'\bcuant[oa]s?\b(?: \w+){0,3} (?:debo|adeudo|debemos|falta|tengo que pagar|hay que pagar)\b',
        r'\bcuanto (?:es|seria|sale)\b|\bhow much\b|\bcual es (?:mi|el) (?:saldo|deuda|monto|total|cuota)\b',
    ),
)
INSTALMENTS = Row(
    'instalments',
    (
        r'\bcuotas\b|\ben partes\b|\ben (?:[0-9]+|dos|tres|cuatro|cinco|seis|cuantos|varios) pagos\b',
        r'\bplan(?:es)? de pagos?\b|\b(?:re)?financi(?!er)\w+|\bfraccion\w+|\bfacilidad\w* de pago\b|\bfacilidades\b',
        r'\b(?:acuerdo|convenio|arreglo) de pagos?\b|\bpayment plan\b|\binstall?ments?\b',
        r'\breprogram\w+|\breestructur\w+',
    ),
)
CANNOT_PAY = (
    rf'\b(?:no (?:puedo|podre|podemos|podria|voy a poder) (?:\w+ )?{_PAY}'
    r'|no tengo (?:plata|dinero|como|fondos|trabajo)|no me alcanza|cant (?:pay|afford)|cannot pay)\b'
)
DISPUTE = Row(
    'dispute',
    (
        r'\bno (?:l[oa]s? )?(?:reconozco|reconocemos)\b|\breclam\w+|\bdisput\w+|\bqueja\b',
        r'\bcobro (?:indebido|duplicado|doble)\b|\bno (?:voy a|pienso|pagare)(?: pagar)?\b(?! poder)',
        r'\bno (?:les? )?(?:debo|adeudo|debemos)\b|\bno (?:me )?corresponde\b|\b(?:dont|do not) owe\b',
        r'\bno es (?:mi (?:deuda|factura|compra)|mi[ao]\b)|\bno (?:compre|contrate|pedi|solicite|firme)\b|\bnot mine\b',
        r'\b(?:cobran\w*|cobraron) (?:de mas|mal|doble|dos veces)\b|\bwrong amount\b',
        r'\b(?:monto|importe|factura|cobro|saldo|precio|cantidad)(?: \w+)? (?:mal|incorrect|errad|equivocad|erroneo)',
        rf'\bno (?:me )?(?:recibi|llego|llegaron|entregaron)(?: \w+)? {_GOODS}\b',
        rf'\b{_GOODS} (?:\w+ )*?(?:danad|defectuos|fallad|rot[oa]|incomplet)|\berror(?:es)? en (?:la|mi)\b',
    ),
)
HOW_TO_PAY = Row(
    'pay',
    (
        r'\b(?:link|enlace|boton|liga|qr|cbu|clabe)\b',
        rf'\b(?:como|donde|que cuenta|con que)\b(?: \w+){{0,3}} (?:{_PAY}|pago|abono|deposito|transfiero|cancelo)\b',
        rf'\b(?:quiero|quisiera|deseo|necesito) {_PAY}\b|\bpuedo {_PAY} (?:con|online|en linea|por|ahora)\b',
        rf'\b{_PAY} (?:la|mi|el|esta|las|mis|los) {_DEBT}\b',
        r'\b(?:numero de cuenta|cuenta bancaria|datos (?:bancarios|de pago|para \w+)|(?:medios?|formas?) de pago)\b',
    ),
)
DOCUMENTS = Row(
    'documents',
    (
        r'\b(?:facturas?|boletas?|recibos?|documentos?|comprobantes?|invoices?|statement|pdf|extracto|cartola)\b',
        r'\b(?:estado|resumen|detalle)s? de (?:mi |la )?(?:cuentas?|deuda)\b',
    ),
)
BALANCE = Row('balance', (r'\b(?:saldos?|deudas?|debo|adeudo|balance|debemos|pendientes?|owe)\b',))
PAY = Row('pay', (rf'\b(?:{_PAY}|pagos?|pay|payment)\b(?<!\bcancelar)|\bcancelar \w+',))
MENU = Row('menu', (r'\b(?:menu|opciones|ayuda|ayudame|help|options|inicio|volver)\b',))
CANCEL = Row(
    'cancel',
    whole=(
        'cancelar', 'cancela', 'cancel', 'salir', 'olvidalo', 'dejalo', 'atras', 'exit', 'quit', 'me equivoque',
    ),
)  # fmt: skip
THANKS = Row('thanks', (r'\b(?:gracias|thanks|thank|agradezco|agradecid[oa]|thx)\b',))
GREETING = Row(
    'greeting', (r'\b(?:hola|buenas|buenos|buen dia|hello|hi|hey|que tal|saludos|alo)\b',)
)

#: Verbs by which somebody says to pay, on a day.
PAYS = (
    r'\b(?:pago|pagare|pagaria|pagamos|pagaremos|pagar\w*|abono|abonare|abonar|deposito|depositare|depositar|'
    r'transfiero|transferire|transferir|cancelo|cancelare|cancelar|pay|paying)\b'
)
#: The same with an amount, or with today, where no other day is named.
PAYS_SO_MUCH = (
    r'\b(?:pago|pagare|abono|abonare|deposito|transfiero|cancelo)\b(?=.*\bhoy\b)|\bhoy (?:\w+ )?pago\b'
    r'|\b(?:pago|abono|deposito|transfiero) (?:solo |unos |s )?(?:[0-9]|la mitad\b|todo\b|un tercio\b)'
)
PROMISES = (
    r'\b(?:prometo|promesas?|promise|me comprometo|compromiso de pago|comprometerme)\b'
    r'|(?<!no )\b(?:pagare|(?:voy|vamos) a pagar|pagaremos|podria pagar|podre pagar|puedo pagar|ill pay|i will pay)\b'
    r'(?! (?:con|online|en linea|por|la|mi|ahora|ya)\b)'
)
ASKS_HOW = r'\b(?:como|donde|cuanto|link)\b'
BUT_THEN = r'\b(?:hasta|pero|recien|sino|solo|until)\b'

#: Every word of a yes is among these, and one of them is of the first.
YES = listed(
    'si sip ok okay oki okey dale claro confirmo confirmado correcto acepto bueno listo va yes yep yeah sure vale '
    'perfecto exacto afirmativo simon sale acuerdo bien ya conforme positivo obvio'
)
YES_TOO = listed('confirmar asi es esta de quiero supuesto muy lo hago que')
NO = listed('no nop nope nel nada negativo nunca jamas not')
NO_TOO = listed(
    'mejor para quiero acepto confirmo todavia aun esta mal incorrecto asi es de acuerdo correcto ese eso lo era la '
    'tengo ninguno bien'
)
#: Words worth recognising with a letter wrong; none by which messages would stop.
OFTEN_MISTYPED = (
    'saldo', 'factura', 'facturas', 'asesor', 'humano', 'cuotas', 'prometo', 'promesa', 'comprobante', 'transferi',
    'deposite', 'reclamo', 'refinanciar', 'gracias',
)  # fmt: skip

#: (why a debt is disputed, the pattern that tells).
REASONS = (
    (
        'already_paid',
        r'\bya (?:la |lo |esta |fue )?(?:pag|cancel|abon|transf|deposit)|\b(?:pague|paid|pagada)\b',
    ),
    (
        'not_mine',
        r'\bno (?:la |lo )?reconoz|\bno es mi|\bno (?:compre|contrate|pedi|firme|soy yo)\b|\bnot mine\b',
    ),
    ('goods', rf'\b{_GOODS}\b|\b(?:entrega|danad|defectuos|rot[oa]\b|incomplet)'),
    (
        'wrong_amount',
        r'\b(?:monto|importe|precio|de mas|doble|dos veces|duplicad|interes|descuento|wrong amount)',
    ),
)
