"""What make.sh leaves to Python's libraries: make.py FOLDER WORK"""

import datetime
import importlib
import os
import random
import struct
import sys
import zipfile

folder, work = sys.argv[1:3]
accepted, refused = os.path.join(folder, 'accepted'), os.path.join(folder, 'refused')
numbers = random.Random(20260226)


def made(name, write, where=accepted):
    """Lets a function write a file, and drops what a failure leaves."""
    path = os.path.join(where, name)
    try:
        write(path)
    except Exception as e:
        print('not made:', name, e, file=sys.stderr)
        if os.path.exists(path):
            os.remove(path)


def module(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print('not there:', name, file=sys.stderr)
        return None


def noise(length):
    return bytes(numbers.randrange(256) for _ in range(length))


def pillow():
    if not module('PIL'):
        return
    from PIL import Image, PngImagePlugin
    rgb = Image.effect_noise((160, 120), 60).convert('RGB')
    for mode in ('RGB', 'L', 'CMYK', 'YCbCr'):
        made(f'pillow-{mode}.jpg', lambda p: rgb.convert(mode).save(p))
    exif = Image.Exif()
    exif[0x010f] = 'Camera' * 500
    made('pillow-exif.jpg', lambda p: rgb.save(p, exif=exif, dpi=(300, 300), comment=b'Hello'))
    made('pillow-progressive.jpg', lambda p: rgb.save(p, progressive=True, quality=5))
    made('pillow-icc.jpg', lambda p: rgb.save(p, icc_profile=noise(70000)))
    made('pillow-mpo.jpg', lambda p: rgb.save(p, 'MPO', save_all=True, append_images=[rgb.rotate(90)]))
    for mode in ('1', 'L', 'LA', 'P', 'RGB', 'RGBA', 'I;16'):
        made(f'pillow-{mode.replace(";", "-")}.png',
             lambda p: (Image.new('I;16', (9, 9)) if mode == 'I;16' else rgb.convert(mode)).save(p))
    text = PngImagePlugin.PngInfo()
    text.add_text('Comment', '<script>alert(1)</script>')
    made('pillow-text.png', lambda p: rgb.save(p, pnginfo=text))
    frames = [rgb.rotate(a) for a in (0, 90, 180)]
    for kind in ('png', 'gif', 'webp'):
        made(f'pillow-animated.{kind}', lambda p: frames[0].save(p, save_all=True, append_images=frames[1:], duration=50))
    made('pillow.gif', lambda p: rgb.save(p))
    made('pillow-comment.gif', lambda p: rgb.save(p, comment=b'Hello'))
    for options in ({}, {'lossless': True}, {'quality': 1}, {'exif': exif}):
        made(f'pillow-{"-".join(options) or "plain"}.webp', lambda p: rgb.save(p, **options))
    made('pillow-alpha.webp', lambda p: rgb.convert('RGBA').save(p))
    made('pillow.pdf', lambda p: rgb.save(p))
    made('pillow-three.pdf', lambda p: rgb.save(p, save_all=True, append_images=frames))
    for kind in ('bmp', 'tiff', 'ico', 'ppm', 'jp2', 'tga', 'pcx', 'eps', 'dds', 'icns', 'sgi', 'im', 'xbm'):
        made(f'pillow.{kind}', lambda p: (rgb.convert('1') if kind == 'xbm' else rgb).save(p), refused)


def pdfs():
    if module('reportlab'):
        from reportlab.pdfgen.canvas import Canvas
        for version in ((1, 3), (1, 4), (1, 7), (2, 0)):
            def write(p):
                canvas = Canvas(p, pdfVersion=version)
                canvas.drawString(72, 72, 'Hello world')
                canvas.save()
            made(f'reportlab-{version[0]}.{version[1]}.pdf', write)
    if module('cairo'):
        import cairo

        def write_pdf(p):
            surface = cairo.PDFSurface(p, 200, 200)
            cairo.Context(surface).show_text('Hello')
            surface.finish()
        made('cairo.pdf', write_pdf)
        made('cairo.png', lambda p: cairo.ImageSurface(cairo.FORMAT_ARGB32, 60, 40).write_to_png(p))
    if module('matplotlib'):
        import matplotlib
        matplotlib.use('Agg')
        from matplotlib import pyplot
        pyplot.plot([1, 3, 2])
        for kind in ('png', 'jpg', 'pdf', 'webp'):
            made(f'matplotlib.{kind}', lambda p: pyplot.savefig(p))
        made('matplotlib.svg', lambda p: pyplot.savefig(p), refused)
    if module('PyPDF2'):
        from PyPDF2 import PdfWriter

        def write_blank(p):
            writer = PdfWriter()
            writer.add_blank_page(200, 200)
            with open(p, 'wb') as f:
                writer.write(f)
        made('pypdf2.pdf', write_blank)
    one = os.path.join(accepted, 'ghostscript-1.7.pdf')
    if os.path.exists(one):
        body = open(one, 'rb').read()
        for name, front in (('mark', b'\xef\xbb\xbf'), ('lines', b'\r\n\r\n'), ('spaces', b' ' * 100)):
            made(f'prefixed-{name}.pdf', lambda p: open(p, 'wb').write(front + body))
        for name, front in (('job', b'\x1b%-12345X@PJL\r\n'), ('mail', b'Content-Type: application/pdf\r\n\r\n'),
                            ('page', b'<html><script>alert(1)</script>'), ('program', b'MZ\x90\0')):
            made(f'prefixed-{name}.pdf', lambda p: open(p, 'wb').write(front + body), refused)


def office():
    sizes = (1, 300, 3000)
    picture = os.path.join(work, 'base.jpg')
    if module('docx'):
        import docx
        for n in sizes:
            def write(p):
                document = docx.Document()
                document.add_heading('Hello')
                for i in range(n):
                    document.add_paragraph(f'world {i} {numbers.random()}')
                if os.path.exists(picture):
                    document.add_picture(picture)
                document.save(p)
            made(f'python-docx-{n}.docx', write)
    if module('openpyxl'):
        import openpyxl
        for n in sizes:
            for streamed in (False, True):
                def write(p):
                    book = openpyxl.Workbook(write_only=streamed)
                    sheet = book.create_sheet() if streamed else book.active
                    for i in range(n):
                        sheet.append([i, f'text {i}', numbers.random()] * 3)
                    book.save(p)
                made(f'openpyxl-{n}{"-streamed" if streamed else ""}.xlsx', write)

        def write_template(p):
            book = openpyxl.Workbook()
            book.template = True
            book.save(p)
        made('openpyxl.xltx', write_template, refused)
    if module('xlsxwriter'):
        import xlsxwriter
        for n in sizes:
            for lean in (False, True):
                def write(p):
                    book = xlsxwriter.Workbook(p, {'constant_memory': lean, 'use_zip64': lean})
                    sheet = book.add_worksheet()
                    for i in range(n):
                        sheet.write_row(i, 0, [i, f'text {i}', numbers.random()])
                    if os.path.exists(picture):
                        sheet.insert_image('F1', picture)
                    book.close()
                made(f'xlsxwriter-{n}{"-lean" if lean else ""}.xlsx', write)

            def write_macros(p):
                project = os.path.join(work, 'vbaProject.bin')
                open(project, 'wb').write(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + noise(8000))
                book = xlsxwriter.Workbook(p)
                book.add_vba_project(project)
                sheet = book.add_worksheet()
                for i in range(n):
                    sheet.write_row(i, 0, [i, f'text {i}', numbers.random()])
                book.close()
            made(f'xlsxwriter-{n}.xlsm', write_macros, refused)
    if module('xlwt'):
        import xlwt
        for n in sizes:
            def write(p):
                book = xlwt.Workbook()
                sheet = book.add_sheet('one')
                for i in range(n):
                    for column in range(8):
                        sheet.write(i, column, f'{i} text {numbers.random()}')
                book.save(p)
            made(f'xlwt-{n}.xls', write)
    if module('odf'):
        from odf.opendocument import OpenDocumentPresentation, OpenDocumentSpreadsheet, OpenDocumentText
        for kind, make in (('odt', OpenDocumentText), ('ods', OpenDocumentSpreadsheet), ('odp', OpenDocumentPresentation)):
            made(f'odfpy.{kind}', lambda p: make().save(p), refused)


def repacked():
    """Orders and forms of archives that no program here writes but others may."""
    for name in ('libreoffice-word2007-words-300.docx', 'libreoffice-pictures-page.docx', 'libreoffice-excel2007-table-3000.xlsx'):
        source = os.path.join(accepted, name)
        if not os.path.exists(source):
            continue
        with zipfile.ZipFile(source) as z:
            parts = {i.filename: z.read(i) for i in z.infolist()}
        base, extension = name.split('-', 1)[1].rsplit('.', 1)
        types = '[Content_Types].xml'
        others = [p for p in parts if p != types]
        half = len(others) // 2

        def pack(order, parts, method=zipfile.ZIP_DEFLATED, large=False, streamed=False, comment=b''):
            def write(p):
                class Pipe:
                    """Cannot be sought in, so that sizes come behind the bytes."""
                    def __init__(self, file):
                        self.write, self.flush, self.close = file.write, file.flush, file.close
                with open(p, 'wb') as f, zipfile.ZipFile(Pipe(f) if streamed else f, 'w', method) as z:
                    z.comment = comment
                    for part in order:
                        info = zipfile.ZipInfo(part, (2026, 2, 26, 14, 30, 22))
                        info.compress_type = method
                        with z.open(info, 'w', force_zip64=large) as entry:
                            entry.write(parts[part])
            return write

        orders = {'first': [types] + others, 'last': others + [types], 'middle': others[:half] + [types] + others[half:],
                  'backwards': sorted(parts, reverse=True)}
        for order, names in orders.items():
            made(f'zipfile-{order}-{base}.{extension}', pack(names, parts))
            made(f'zipfile-{order}-stored-{base}.{extension}', pack(names, parts, zipfile.ZIP_STORED))
            made(f'zipfile-{order}-64-{base}.{extension}', pack(names, parts, large=True))
            made(f'zipfile-{order}-streamed-{base}.{extension}', pack(names, parts, streamed=True))
            made(f'zipfile-{order}-streamed-stored-{base}.{extension}', pack(names, parts, zipfile.ZIP_STORED, streamed=True))
        made(f'zipfile-comment-{base}.{extension}', pack(orders['last'], parts, comment=b'x' * 20000))
        macros = dict(parts)
        prefix, plain = ('word', b'wordprocessingml.document.main+xml') if extension == 'docx' else ('xl', b'spreadsheetml.sheet.main+xml')
        macros[f'{prefix}/vbaProject.bin'] = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + noise(8000)
        with_macros = {'docx': b'application/vnd.ms-word.document.macroEnabled.main+xml',
                       'xlsx': b'application/vnd.ms-excel.sheet.macroEnabled.main+xml'}[extension]
        typed = dict(macros)
        typed[types] = parts[types].replace(b'application/vnd.openxmlformats-officedocument.' + plain, with_macros)
        for order, names in orders.items():
            project = f'{prefix}/vbaProject.bin'
            made(f'zipfile-{order}-macros-{base}.{extension[:3]}m', pack(names + [project], typed), refused)
            made(f'zipfile-{order}-hidden-macros-{base}.{extension}', pack(names + [project], macros), refused)
            made(f'zipfile-{order}-only-typed-{base}.{extension}', pack(names, {**typed, project: b''}), refused)
        manifest = dict(parts)
        manifest['META-INF/MANIFEST.MF'] = b'Manifest-Version: 1.0\n'
        made(f'zipfile-jar-{base}.{extension}', pack(orders['first'] + ['META-INF/MANIFEST.MF'], manifest), refused)
        whole = open(source, 'rb').read()
        made(f'cut-{base}.{extension}', lambda p: open(p, 'wb').write(whole[:len(whole) * 2 // 3]), refused)
        jar = os.path.join(refused, 'tail.jar')
        with zipfile.ZipFile(jar, 'w') as z:
            z.writestr('META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\n')
        made(f'tail-jar-{base}.{extension}', lambda p: open(p, 'wb').write(whole + open(jar, 'rb').read()), refused)


def films():
    """Films as cameras and old programs begin them: those of ffmpeg without their first box."""
    for codec in ('mjpeg', 'mpeg4', 'libx264', 'faststart'):
        source = os.path.join(accepted, f'ffmpeg-{codec}.mov')
        if not os.path.exists(source):
            continue
        body = open(source, 'rb').read()
        rest = body[struct.unpack('>I', body[:4])[0]:]
        made(f'untyped-{codec}.mov', lambda p: open(p, 'wb').write(rest))
        skip = struct.pack('>I', 16) + b'skip' + bytes(8)
        made(f'untyped-skip-{codec}.mov', lambda p: open(p, 'wb').write(skip + rest))
        if rest[4:8] in (b'wide', b'free'):
            made(f'untyped-bare-{codec}.mov', lambda p: open(p, 'wb').write(rest[struct.unpack('>I', rest[:4])[0]:]))


pillow()
pdfs()
office()
repacked()
films()
