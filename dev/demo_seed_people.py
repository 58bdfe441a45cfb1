"""Who owes in the demo: invented names, addresses under the reserved domain ``.example``.

A debtor is (name, city, street, profile, scale): the profile says how they pay, the scale the
size of their invoices in the currency they are invoiced in.
"""

from typing import NamedTuple


class Debtor(NamedTuple):
    """One row of the book."""

    name: str
    city: str
    street: str
    profile: str  # key of PROFILES
    scale: float
    country: str = 'PE'
    person: bool = False
    currency: str = 'PEN'


class Profile(NamedTuple):
    """How a debtor pays: days late of what was paid, and of what is open (one list is chosen)."""

    paid: tuple
    open: tuple


PROFILES = {
    'good': Profile((-4, -1, 0), ((-24, -3), (-12,), (-28, -2), (0, -20))),
    'occasional': Profile((-2, 0, 14), ((-14, 5), (9,), (-21, 16, 2), (-3, 6))),
    'habitual': Profile((12, 26), ((-9, 11, 31), (17, 38), (-16, 22, 41), (-2, 16), (6, 27))),
    'risk': Profile(
        (58, 66), ((33, 64), (84, 97), (-11, 36, 57), (61, 92, 150, 205), (72, 44), (48, 118))
    ),
    'lost': Profile((), ((190, 221, 262), (240, 310))),
    'new': Profile((), ((-18,), (7,), (-26, 1))),
    'paid': Profile((-3, 2, 6), ((),)),
}

LIMA, AREQUIPA = 'Lima', 'Arequipa'

FIRMS = [
    ('Agroindustrias del Norte S.A.C.', 'Trujillo', 'Av. América Sur 2350', 'habitual', 14800),
    ('Minera Cerro Colorado S.A.', AREQUIPA, 'Av. Ejército 710', 'good', 86400),
    ('Textiles Rímac S.A.C.', LIMA, 'Jr. Gamarra 1180', 'risk', 9200),
    ('Hotel Misti Plaza E.I.R.L.', AREQUIPA, 'Calle Mercaderes 212', 'occasional', 6300),
    ('Clínica Santa Marina del Sur S.A.', LIMA, 'Av. La Marina 2955', 'good', 31500),
    ('Constructora Huascarán S.A.C.', 'Huaraz', 'Av. Luzuriaga 834', 'risk', 27400),
    ('Pesquera Bahía Azul S.A.', 'Chimbote', 'Malecón Grau 415', 'habitual', 22100),
    ('Supermercados La Canasta S.A.C.', LIMA, 'Av. Universitaria 1801', 'occasional', 18700),
    ('Exportadora Valle de Ica S.A.C.', 'Ica', 'Panamericana Sur km 303', 'good', 24300),
    ('Colegio Nuevos Horizontes de Surco', LIMA, 'Av. Caminos del Inca 1425', 'occasional', 8900),
    ('Lácteos Cajamarca S.R.L.', 'Cajamarca', 'Jr. Amazonas 560', 'habitual', 5400),
    ('Transportes Apurímac S.A.C.', 'Cusco', 'Av. de la Cultura 1220', 'risk', 7600),
    ('Ferretería El Constructor E.I.R.L.', 'Piura', 'Av. Sánchez Cerro 940', 'habitual', 3100),
    ('Panificadora Doña Julia S.A.C.', LIMA, 'Av. Tomás Marsano 3320', 'good', 4200),
    ('Inversiones Kuntur S.A.C.', 'Cusco', 'Calle Plateros 348', 'lost', 12600),
    (
        'Cooperativa Cafetalera Alto Mayo',
        'Moyobamba',
        'Jr. Alonso de Alvarado 610',
        'occasional',
        15200,
    ),
    ('Molinos Pachacámac S.A.', LIMA, 'Antigua Panamericana Sur km 24', 'good', 41800),
    ('Servicios Mineros Yauli S.R.L.', 'Huancayo', 'Calle Real 1147', 'habitual', 33700),
    ('Laboratorios Amaru S.A.', LIMA, 'Av. Argentina 2085', 'good', 19500),
    ('Condominio Parque Central', LIMA, 'Av. Javier Prado Oeste 1610', 'occasional', 11400),
    ('Grifos Santa Anita S.A.C.', LIMA, 'Carretera Central km 4,5', 'habitual', 9800),
    ('Vidrios y Aluminios Tacna S.A.C.', 'Tacna', 'Av. Bolognesi 1505', 'new', 4700),
    ('Editorial Amauta S.A.C.', LIMA, 'Jr. Camaná 878', 'lost', 3900),
    ('Avícola El Rocío S.A.', 'Trujillo', 'Carretera Industrial 455', 'good', 28600),
    ('Curtiembre Sol de Oro S.R.L.', 'Trujillo', 'Parque Industrial Mz. C', 'risk', 6800),
    ('Academia Preuniversitaria Tupac', LIMA, 'Av. Arequipa 1290', 'paid', 5100),
    ('Ladrillera Fortaleza S.A.C.', LIMA, 'Av. Huachipa 2210', 'new', 13300),
    ('Asociación de Riego Valle Verde', AREQUIPA, 'Av. Cayma 408', 'habitual', 48200),
]

PERSONS = [
    (
        'María Elena Quispe Huamán',
        LIMA,
        'Calle Los Jazmines 145, San Juan de Miraflores',
        'occasional',
        3900,
    ),
    ('Jorge Luis Mamani Condori', AREQUIPA, 'Urb. Los Ángeles B-12', 'habitual', 2700),
    ('Carmen Rosa Flores Vásquez', LIMA, 'Av. Brasil 2230, dpto. 402', 'good', 4500),
    ('Víctor Hugo Salazar Ríos', 'Piura', 'Urb. Santa Isabel 318', 'risk', 3300),
    ('Ana Sofía Benavides León', LIMA, 'Calle Schell 330, dpto. 801', 'good', 5200),
    ('Percy Ccori Apaza', 'Puno', 'Jr. Deustua 522', 'lost', 2400),
    ('Rosario Chávez de Medina', 'Chiclayo', 'Av. Balta 1015', 'habitual', 2950),
    ('Diego Armando Poma Ticona', 'Juliaca', 'Jr. San Román 740', 'risk', 1800),
    ('Luz Marina Tello Arévalo', 'Iquitos', 'Calle Próspero 655', 'occasional', 2200),
    ('César Augusto Ramos Palacios', LIMA, 'Jr. Huallaga 490', 'new', 4100),
    ('Pilar Ugarte Zegarra', AREQUIPA, 'Calle Cortaderas 109', 'paid', 3600),
    ('Freddy Huanca Choque', 'Cusco', 'Av. Tullumayo 276', 'habitual', 2050),
    ('Milagros Estrada Pinedo', 'Tarapoto', 'Jr. Lamas 312', 'occasional', 3150),
    ('Raúl Ernesto Villanueva Soto', LIMA, 'Av. Petit Thouars 4410', 'good', 2800),
]

ABROAD = {
    'CO': [
        ('Constructora Sabana Verde S.A.S.', 'Bogotá', 'Carrera 7 # 71-52', 'habitual', 8400),
        ('Alimentos del Cauca S.A.', 'Cali', 'Avenida 3N # 8-24', 'good', 11200),
        ('Hoteles Tayrona S.A.S.', 'Santa Marta', 'Calle 22 # 4-70', 'occasional', 3900),
        ('Distribuciones Antioquia S.A.S.', 'Medellín', 'Calle 10 # 43D-30', 'risk', 5600),
        ('Flores de la Sabana Ltda.', 'Bogotá', 'Calle 100 # 19-61', 'occasional', 7300),
    ],
    'CL': [
        ('Viña Quebrada Honda SpA', 'Santiago', 'Av. Apoquindo 4501', 'good', 14600),
        ('Transportes Atacama Ltda.', 'Antofagasta', 'Av. Angamos 0610', 'habitual', 6200),
        ('Agrícola Río Maule SpA', 'Talca', '1 Norte 931', 'occasional', 4800),
        ('Ingeniería Austral S.A.', 'Concepción', "O'Higgins 680", 'risk', 9100),
    ],
    'EC': [
        ('Camaronera El Guayas S.A.', 'Guayaquil', 'Av. 9 de Octubre 1911', 'occasional', 12900),
        (
            'Florícola Cotopaxi Cía. Ltda.',
            'Quito',
            'Av. República de El Salvador N34-211',
            'habitual',
            4300,
        ),
        ('Hostería Baños del Inca S.A.', 'Cuenca', 'Calle Larga 7-90', 'new', 2600),
    ],
    'MX': [
        (
            'Grupo Empacador del Bajío S.A. de C.V.',
            'León',
            'Blvd. López Mateos 1717',
            'good',
            16800,
        ),
        ('Desarrollos Peninsulares S.A. de C.V.', 'Mérida', 'Calle 60 # 491', 'habitual', 9700),
        (
            'Autopartes Regiomontanas S.A. de C.V.',
            'Monterrey',
            'Av. Constitución 2050',
            'risk',
            13400,
        ),
        (
            'Comercializadora Jalisciense S.A. de C.V.',
            'Guadalajara',
            'Av. Vallarta 3233',
            'occasional',
            5900,
        ),
    ],
    'AR': [
        ('Frigorífico La Pampa S.A.', 'Santa Rosa', 'Av. Luro 450', 'risk', 7800),
        ('Bodegas Luján de Cuyo S.A.', 'Mendoza', 'San Martín 1260', 'occasional', 6600),
        ('Metalúrgica Rosario S.R.L.', 'Rosario', 'Bv. Oroño 1540', 'habitual', 4100),
    ],
    'ES': [
        ('Renovables del Ebro S.L.', 'Zaragoza', 'Paseo de la Independencia 21', 'good', 15300),
        ('Instalaciones Costa del Sol S.L.', 'Málaga', 'Alameda Principal 16', 'occasional', 5200),
        ('Grupo Hotelero Tramuntana S.A.', 'Palma', 'Passeig Mallorca 9', 'habitual', 8800),
    ],
    'US': [
        ('Gulf Coast Solar LLC', 'Houston', '1200 Smith Street', 'good', 17900),
        ('Desert Power Systems Inc.', 'Phoenix', '2 N Central Avenue', 'occasional', 10400),
        ('Biscayne Trading Corp.', 'Miami', '801 Brickell Avenue', 'habitual', 6900),
    ],
}

#: Some people of the firms, for the contact that receives the invoices.
CONTACTS = [
    'Rosa Gutiérrez',
    'Miguel Ángel Paz',
    'Patricia Zevallos',
    'Eduardo Noriega',
    'Verónica Alarcón',
    'Juan Carlos Ibáñez',
    'Gabriela Montoya',
    'Hernán Cisneros',
    'Silvia Bustamante',
    'Andrés Felipe Rojas',
    'Daniela Cárdenas',
    'Óscar Valdivia',
]
PHONES = {
    'PE': '+51 1 61{:05}',
    'CO': '+57 601 74{:05}',
    'CL': '+56 2 298{:05}',
    'EC': '+593 4 26{:05}',
    'MX': '+52 55 528{:05}',
    'AR': '+54 11 43{:05}0',
    'ES': '+34 91 55{:05}',
    'US': '+1 713 555 {:04}',
}
PRODUCTS = [
    ('Panel solar monocristalino 550 W', 690),
    ('Inversor híbrido 5 kW', 4850),
    ('Batería de litio 5 kWh', 6200),
    ('Bomba de agua solar 2 HP', 3400),
    ('Terma solar 200 L', 2150),
    ('Instalación y puesta en marcha', 1800),
    ('Mantenimiento anual', 950),
]


def tax_id(number, debtor):
    """Return the RUC of the debtor at place *number*, if in Peru: it begins with 20 for firms, 10 for people."""
    kind = '10' if debtor.person else '20'
    return f'{kind}{510000000 + 71093 * number}' if debtor.country == 'PE' else ''


def debtors():
    """Return every Debtor of the book."""
    return [
        *(Debtor(*row, currency='USD' if row[4] > 40000 else 'PEN') for row in FIRMS),
        *(Debtor(*row, person=True) for row in PERSONS),
        *(
            Debtor(*row, country=country, currency='USD')
            for country, rows in ABROAD.items()
            for row in rows
        ),
    ]
