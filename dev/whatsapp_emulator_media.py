"""Files: which ones the API takes, how they are uploaded and named in a message."""

import re

from .whatsapp_emulator_errors import Refusal, missing

MB = 1024 * 1024
OFFICE = 'application/vnd.openxmlformats-officedocument.'
# kind: (types, bytes at most)
KINDS = {
    'image': ({'image/jpeg', 'image/png'}, 5 * MB),
    'sticker': ({'image/webp'}, MB // 2),
    'audio': ({'audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'}, 16 * MB),
    'video': ({'video/mp4', 'video/3gpp'}, 16 * MB),
    'document': (
        {
            'text/plain',
            'application/pdf',
            'application/msword',
            'application/vnd.ms-excel',
            'application/vnd.ms-powerpoint',
            f'{OFFICE}wordprocessingml.document',
            f'{OFFICE}spreadsheetml.sheet',
            f'{OFFICE}presentationml.presentation',
        },
        100 * MB,
    ),
}
CAPTION_LIMIT = 1024


def kind_of(mime):
    """Return the kind of message that a file of that type makes."""
    plain = mime.partition(';')[0].strip().lower()
    return next((kind for kind, (types, _size) in KINDS.items() if plain in types), 'document')


def check_upload(form):
    """Return type, name and content of an uploaded file, or refuse it.

    :param form: name: (content, file name, type)
    """
    if form.get('messaging_product', (b'',))[0] != b'whatsapp':
        raise missing('messaging_product')
    if 'file' not in form:
        raise missing('file')
    if 'type' not in form:
        raise missing('type')
    content, filename, _mime = form['file']
    mime = form['type'][0].decode().strip()
    plain = mime.partition(';')[0].lower()
    types, size = KINDS[kind_of(plain)]
    if plain not in types:
        raise Refusal(100, message=f'Param file must be a file with one of the known types: {mime}')
    if not content or len(content) > size:
        raise Refusal(131053, f'The file has {len(content)} bytes, between 1 and {size} are taken')
    return mime, filename or 'file', content


def read_form(content_type, body):
    """Return the parts of a multipart body: name: (content, file name, type)."""
    found = re.search(r'multipart/form-data;.*boundary="?([^";]+)"?', content_type)
    if not found:
        raise Refusal(100, 'A file is uploaded as multipart/form-data')
    form = {}
    for part in body.split(b'--' + found[1].encode())[1:-1]:
        # the line break before a boundary belongs to the boundary
        head, _blank, content = part.removeprefix(b'\r\n').partition(b'\r\n\r\n')
        head = head.decode('utf-8', 'replace')
        name = re.search(r'\bname="([^"]*)"', head)
        filename = re.search(r'\bfilename="([^"]*)"', head)
        mime = re.search(r'(?im)^content-type:\s*(.+?)\s*$', head)
        if name:
            texts = (found[1] if found else '' for found in (filename, mime))
            form[name[1]] = (content.removesuffix(b'\r\n'), *texts)
    return form


def check_media(kind, content, media):
    """Refuse a file named wrongly in a message; return what the chat page shows of it.

    :param content: the message's part: id or link, caption, filename
    :param media: the files that were uploaded, by identifier
    """
    identifier, link = content.get('id'), content.get('link')
    if bool(identifier) == bool(link):
        raise Refusal(100, f"Either {kind}['id'] or {kind}['link'] must be given")
    if link and not re.match(r'https?://[^\s/]+', link):
        raise Refusal(100, message=f"Param {kind}['link'] is not a valid URI.")
    if identifier and str(identifier) not in media:
        raise Refusal(
            100,
            message=f"Param {kind}['id'] is not a valid whatsapp business account media "
            'attachment ID',
        )
    if len(content.get('caption') or '') > CAPTION_LIMIT:
        raise Refusal(
            100, message=f"Param {kind}['caption'] must be at most {CAPTION_LIMIT} characters long."
        )
    stored = media.get(str(identifier))
    name = content.get('filename') or (stored.filename if stored else link.rpartition('/')[2])
    shown = {'kind': kind, 'filename': name, 'id': str(identifier) if identifier else ''}
    return shown | {'link': link or '', 'mime': stored.mime if stored else ''}
