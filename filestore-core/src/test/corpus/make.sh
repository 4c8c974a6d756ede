#!/usr/bin/env bash
# Makes a corpus of several hundred files of the twelve types, and of others that must be refused, by every program of
# Debian that is installed:
#
#   make.sh FOLDER
#
# writes FOLDER/accepted/PROGRAM-WHAT.EXT, where EXT is the type that the file is of, and FOLDER/refused/PROGRAM-WHAT.EXT.
# TypeCorpusTest judges it: mvn test -pl filestore-core -Dtest=TypeCorpusTest -Dfilestore.corpus=FOLDER
# What is in the files are test patterns, numbers and the words of this script.
#
# apt-get install --no-install-recommends abiword apngasm cairosvg exiftool ffmpeg ghostscript gifsicle gnumeric \
#   graphicsmagick gstreamer1.0-plugins-{bad,good,ugly} gstreamer1.0-tools imagemagick img2pdf inkscape \
#   jpegoptim libexcel-writer-xlsx-perl libgd-perl libheif-examples libjpeg-turbo-progs libreoffice-{calc,impress,writer} \
#   libspreadsheet-writeexcel-perl mencoder mkvtoolnix msitools mupdf-tools netpbm openjdk-17-jdk-headless optipng \
#   p7zip-full pandoc pdftk-java pngcrush poppler-utils python3-{cairo,docx,matplotlib,odf,openpyxl,pil,pypdf2,reportlab,xlsxwriter,xlwt} \
#   qpdf webp zip
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1/accepted" "$1/refused"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=/usr/bin:$PATH
cd "$work" || exit 1

has() { command -v "$1" > /dev/null; }

# Runs a command whose last argument is a file below accepted or refused; drops what a failure leaves behind.
to() {
    local file=$1
    shift
    if ! "$@" "$file" > last.log 2>&1 < /dev/null || [[ ! -s $file ]]; then
        rm -f "$file"
        echo "not made: ${file#"$out"/}" >&2
    fi
}

# The same for a command that writes to standard output.
out_to() {
    local file=$1
    shift
    if ! "$@" > "$file" 2> last.log < /dev/null || [[ ! -s $file ]]; then
        rm -f "$file"
        echo "not made: ${file#"$out"/}" >&2
    fi
}

yes_=$out/accepted
no=$out/refused

pictures() {
    if has convert; then
        local size
        for size in 1x1 40x30 640x480 1600x1200; do
            convert -size $size plasma:red-blue -depth 8 plasma-$size.png
            to "$yes_/imagemagick-$size.jpg" convert plasma-$size.png
            to "$yes_/imagemagick-$size.png" convert plasma-$size.png
            to "$yes_/imagemagick-$size.gif" convert plasma-$size.png
            to "$yes_/imagemagick-$size.webp" convert plasma-$size.png
        done
        local p=plasma-640x480.png
        to "$yes_/imagemagick-cmyk.jpg" convert $p -colorspace CMYK
        to "$yes_/imagemagick-gray.jpg" convert $p -colorspace Gray
        to "$yes_/imagemagick-progressive.jpg" convert $p -interlace JPEG -quality 30
        to "$yes_/imagemagick-comment.jpg" convert $p -set comment 'Hello world' -sampling-factor 4:4:4
        to "$yes_/imagemagick-stripped.jpg" convert $p -strip -quality 1
        out_to "$yes_/imagemagick-8.png" convert $p PNG8:-
        out_to "$yes_/imagemagick-48.png" convert $p PNG48:-
        out_to "$yes_/imagemagick-64.png" convert $p PNG64:-
        to "$yes_/imagemagick-interlaced.png" convert $p -interlace PNG -set comment Hello
        to "$yes_/imagemagick-bilevel.png" convert $p -monochrome
        out_to "$yes_/imagemagick-87.gif" convert plasma-40x30.png GIF87:-
        to "$yes_/imagemagick-comment.gif" convert plasma-40x30.png -set comment 'Hello world'
        to "$yes_/imagemagick-animated.gif" convert -delay 5 plasma-40x30.png \( plasma-40x30.png -negate \) -loop 0
        to "$yes_/imagemagick-lossless.webp" convert $p -define webp:lossless=true
        to "$yes_/imagemagick-alpha.webp" convert $p -alpha set -channel A -evaluate set 50%
        local other
        for other in bmp ico tiff ppm pgm psd xpm tga jp2 jng mng dds pcx fits heic avif sgi hdr; do
            to "$no/imagemagick.$other" convert plasma-40x30.png
        done
        convert plasma-1600x1200.png base.jpg
        convert plasma-640x480.png base.png
        convert plasma-40x30.png base.gif
    fi
    has gm && for e in jpg png gif webp pdf; do to "$yes_/graphicsmagick.$e" gm convert base.png; done
    has gm && for e in bmp tiff; do to "$no/graphicsmagick.$e" gm convert plasma-40x30.png; done
    if has cjpeg; then
        djpeg base.jpg > base.ppm
        out_to "$yes_/cjpeg.jpg" cjpeg base.ppm
        out_to "$yes_/cjpeg-progressive.jpg" cjpeg -progressive -quality 20 base.ppm
        out_to "$yes_/cjpeg-arithmetic.jpg" cjpeg -arithmetic base.ppm
        out_to "$yes_/cjpeg-restarts.jpg" cjpeg -restart 1 -grayscale base.ppm
        out_to "$yes_/cjpeg-rgb.jpg" cjpeg -rgb base.ppm
        out_to "$yes_/jpegtran-no-markers.jpg" jpegtran -copy none -optimize base.jpg
        out_to "$yes_/jpegtran-rotated.jpg" jpegtran -rotate 90 base.jpg
    fi
    has jpegoptim && cp base.jpg "$yes_/jpegoptim.jpg" && jpegoptim -q --strip-all "$yes_/jpegoptim.jpg"
    has optipng && cp base.png "$yes_/optipng.png" && optipng -quiet -i1 "$yes_/optipng.png"
    has pngcrush && to "$yes_/pngcrush.png" pngcrush -q base.png
    has pnmtopng && out_to "$yes_/netpbm.png" pnmtopng base.ppm
    has pnmtojpeg && out_to "$yes_/netpbm.jpg" pnmtojpeg base.ppm
    has pngtopnm && pngtopnm plasma-40x30.png > small.ppm && pnmquant 200 small.ppm > quantised.ppm 2> /dev/null \
        && out_to "$yes_/netpbm.gif" ppmtogif quantised.ppm
    if has cwebp; then
        to "$yes_/cwebp.webp" cwebp -quiet -q 60 base.png -o
        to "$yes_/cwebp-lossless.webp" cwebp -quiet -lossless base.png -o
        to "$yes_/cwebp-metadata.webp" cwebp -quiet -metadata all base.jpg -o
        to "$yes_/gif2webp.webp" gif2webp -quiet "$yes_/imagemagick-animated.gif" -o
        to "$yes_/img2webp.webp" img2webp -loop 0 plasma-40x30.png plasma-40x30.png -o
    fi
    has gifsicle && to "$yes_/gifsicle.gif" gifsicle --interlace --comment Hello base.gif -o
    has apngasm && apngasm "$yes_/apngasm.png" plasma-40x30.png plasma-40x30.png > last.log 2>&1
    has inkscape && printf '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><circle r="20" cx="30" cy="30"/></svg>' > c.svg
    has inkscape && to "$yes_/inkscape.png" inkscape c.svg -o
    has inkscape && to "$yes_/inkscape.pdf" inkscape c.svg -o
    has cairosvg && to "$yes_/cairosvg.png" cairosvg c.svg -o
    has cairosvg && to "$yes_/cairosvg.pdf" cairosvg c.svg -f pdf -o
    has heif-enc && to "$no/heif-enc.heic" heif-enc plasma-40x30.png -o
    has heif-enc && to "$no/heif-enc.avif" heif-enc -A plasma-40x30.png -o
    if has exiftool; then
        local e
        convert -size 200x150 plasma: -quality 40 thumbnail.jpg
        for e in jpg png gif; do
            cp "$yes_/imagemagick-640x480.$e" exif.$e
            to "$yes_/exiftool.$e" exiftool -q -Comment=Hello -XMP:Title=Hello -XMP:Description="$(head -c 9000 < /dev/zero | tr '\0' x)" exif.$e -o
        done
        to "$yes_/exiftool-thumbnail.jpg" exiftool -q -Make=Camera -Model=One -Orientation=6 '-ThumbnailImage<=thumbnail.jpg' \
            -IPTC:Keywords=Hello exif.jpg -o
    fi
    if has perl && perl -MGD -e 1 2> /dev/null; then
        perl -MGD -e '$i = GD::Image->new(90, 60, 1); $i->filledRectangle(5, 5, 50, 50, $i->colorAllocate(9, 99, 199));
            for (["jpg", $i->jpeg(70)], ["png", $i->png], ["gif", $i->gif]) {
                open F, ">", "$ARGV[0]/gd.$_->[0]"; binmode F; print F $_->[1]; close F }' "$yes_"
    fi
}

films() {
    has ffmpeg || return
    local pattern=(-f lavfi -i testsrc=duration=1:size=176x144:rate=10) tone=(-f lavfi -i sine=duration=1)
    local ff=(ffmpeg -v error -y "${pattern[@]}") both=(ffmpeg -v error -y "${pattern[@]}" "${tone[@]}" -shortest)
    to "$yes_/ffmpeg.jpg" "${ff[@]}" -frames:v 1
    to "$yes_/ffmpeg.png" "${ff[@]}" -frames:v 1
    to "$yes_/ffmpeg.gif" "${ff[@]}"
    to "$yes_/ffmpeg.webp" "${ff[@]}"
    to "$yes_/ffmpeg-animated.png" "${ff[@]}" -f apng
    local codec brand
    for codec in libx264 libx265 mpeg4 libvpx-vp9 libsvtav1 mpeg2video mjpeg; do
        to "$yes_/ffmpeg-$codec.mp4" "${both[@]}" -c:v $codec -pix_fmt yuv420p
    done
    for codec in libx264 mpeg4 mjpeg prores_ks qtrle rawvideo png; do
        to "$yes_/ffmpeg-$codec.mov" "${both[@]}" -c:v $codec
    done
    for codec in mpeg4 mjpeg rawvideo huffyuv ffv1 msmpeg4v2 libx264 libxvid cinepak; do
        to "$yes_/ffmpeg-$codec.avi" "${both[@]}" -c:v $codec
    done
    to "$yes_/ffmpeg-pcm.avi" "${both[@]}" -c:v mpeg4 -c:a pcm_s16le
    to "$yes_/ffmpeg-title.avi" "${both[@]}" -c:v mpeg4 -metadata title="$(head -c 9000 < /dev/zero | tr '\0' x)"
    for brand in isom iso2 iso4 iso5 iso6 mp41 mp42 avc1 M4V MSNV dash XAVC; do
        to "$yes_/ffmpeg-brand-$brand.mp4" "${both[@]}" -c:v libx264 -brand "$brand"
    done
    to "$yes_/ffmpeg-faststart.mp4" "${both[@]}" -c:v libx264 -movflags +faststart
    to "$yes_/ffmpeg-faststart.mov" "${both[@]}" -c:v libx264 -movflags +faststart
    to "$yes_/ffmpeg-fragmented.mp4" "${both[@]}" -c:v libx264 -movflags frag_keyframe+empty_moov+default_base_moof
    to "$yes_/ffmpeg-fragmented.mov" "${both[@]}" -c:v libx264 -movflags frag_keyframe+empty_moov
    to "$yes_/ffmpeg-cmaf.mp4" "${both[@]}" -c:v libx264 -movflags cmaf
    to "$no/ffmpeg-smooth.ismv" "${both[@]}" -c:v libx264 -f ismv
    to "$yes_/ffmpeg-ipod.m4v" "${both[@]}" -c:v libx264 -f ipod
    to "$yes_/ffmpeg-psp.mp4" "${both[@]}" -c:v libx264 -f psp
    to "$yes_/ffmpeg-f4v.mp4" "${both[@]}" -c:v libx264 -f f4v
    to "$yes_/ffmpeg-3gp.mp4" "${both[@]}" -c:v libx264 -c:a aac -f 3gp
    to "$yes_/ffmpeg-3g2.mp4" "${both[@]}" -c:v libx264 -c:a aac -f 3g2
    to "$yes_/ffmpeg-tags.mp4" "${both[@]}" -c:v libx264 -movflags +faststart -metadata title=Hello -metadata comment="$(head -c 9000 < /dev/zero | tr '\0' x)"
    to "$yes_/ffmpeg-silent.mov" "${ff[@]}" -c:v mpeg4
    for codec in mkv webm flv ogv wmv asf ts vob swf nut; do
        to "$no/ffmpeg.$codec" "${both[@]}"
    done
    for codec in m4a mp3 wav flac ogg opus aac ac3 aiff au wma mka caf; do
        to "$no/ffmpeg-sound.$codec" ffmpeg -v error -y "${tone[@]}"
    done
    to "$no/ffmpeg-book.m4b" ffmpeg -v error -y "${tone[@]}" -c:a aac -f ipod
    to "$no/ffmpeg-still.avif" "${ff[@]}" -frames:v 1 -c:v libaom-av1 -still-picture 1
    if has mencoder; then
        to "$yes_/mencoder.avi" mencoder "$yes_/ffmpeg-mpeg4.avi" -really-quiet -ovc copy -oac copy -o
        to "$yes_/mencoder-odml.avi" mencoder "$yes_/ffmpeg-mjpeg.avi" -really-quiet -noodml -ovc lavc -oac pcm -o
        to "$yes_/mencoder.mov" mencoder "$yes_/ffmpeg-mpeg4.avi" -really-quiet -of lavf -lavfopts format=mov -ovc lavc -nosound -o
        to "$yes_/mencoder.mp4" mencoder "$yes_/ffmpeg-mpeg4.avi" -really-quiet -of lavf -lavfopts format=mp4 -ovc lavc -nosound -o
    fi
    if has gst-launch-1.0; then
        local gst=(gst-launch-1.0 -q videotestsrc num-buffers=10 ! video/x-raw,width=176,height=144)
        gst_to() {
            local file=$1
            shift
            "${gst[@]}" "$@" ! filesink location="$file" > last.log 2>&1
            [[ -s $file ]] || { rm -f "$file"; echo "not made: ${file#"$out"/}" >&2; }
        }
        gst_to "$yes_/gstreamer.avi" ! jpegenc ! avimux
        gst_to "$yes_/gstreamer.mov" ! jpegenc ! qtmux
        gst_to "$yes_/gstreamer-faststart.mov" ! jpegenc ! qtmux faststart=true
        gst_to "$yes_/gstreamer-fragmented.mov" ! jpegenc ! qtmux fragment-duration=100
        gst_to "$yes_/gstreamer.mp4" ! x264enc ! mp4mux
        gst_to "$yes_/gstreamer-fragmented.mp4" ! x264enc ! mp4mux fragment-duration=100
        gst_to "$yes_/gstreamer-3gpp.mp4" ! x264enc ! 3gppmux
        gst_to "$no/gstreamer-mj2.mj2" ! openjpegenc ! mj2mux
        gst_to "$no/gstreamer.mkv" ! jpegenc ! matroskamux
        gst_to "$yes_/gstreamer.jpg" ! jpegenc snapshot=true
        gst_to "$yes_/gstreamer.png" ! pngenc snapshot=true
        gst_to "$yes_/gstreamer.webp" ! webpenc
    fi
    if has exiftool; then
        to "$yes_/exiftool.mp4" exiftool -q -Title=Hello -XMP:Title=Hello "$yes_/ffmpeg-libx264.mp4" -o
        to "$yes_/exiftool.mov" exiftool -q -Title=Hello -XMP:Title=Hello "$yes_/ffmpeg-mjpeg.mov" -o
    fi
    has mkvmerge && to "$no/mkvmerge.mkv" mkvmerge -q "$yes_/ffmpeg-libx264.mp4" -o
}

pdfs() {
    local page='/Helvetica findfont 20 scalefont setfont 72 72 moveto (Hello world) show showpage' level
    printf '%%!PS\n%s\n' "$page" > page.ps
    cp page.ps "$no/script.ps"
    if has gs; then
        local gs=(gs -q -dNOPAUSE -dBATCH -r50 -sOutputFile=-)
        for level in 1.2 1.3 1.4 1.5 1.6 1.7 2.0; do
            out_to "$yes_/ghostscript-$level.pdf" "${gs[@]}" -sDEVICE=pdfwrite -dCompatibilityLevel=$level page.ps
        done
        out_to "$yes_/ghostscript-a.pdf" "${gs[@]}" -sDEVICE=pdfwrite -dPDFA=2 page.ps
        out_to "$yes_/ghostscript-image.pdf" "${gs[@]}" -sDEVICE=pdfimage24 page.ps
        out_to "$yes_/ghostscript.jpg" "${gs[@]}" -sDEVICE=jpeg page.ps
        out_to "$yes_/ghostscript.png" "${gs[@]}" -sDEVICE=png16m page.ps
    fi
    local one=$yes_/ghostscript-1.7.pdf
    if has qpdf; then
        to "$yes_/qpdf.pdf" qpdf "$one"
        to "$yes_/qpdf-linearized.pdf" qpdf --linearize "$one"
        to "$yes_/qpdf-objects.pdf" qpdf --object-streams=generate "$one"
        to "$yes_/qpdf-text.pdf" qpdf --qdf "$one"
        to "$yes_/qpdf-2.0.pdf" qpdf --force-version=2.0 "$one"
        to "$yes_/qpdf-encrypted.pdf" qpdf --encrypt a b 256 -- "$one"
        to "$yes_/qpdf-attachment.pdf" qpdf "$one" --add-attachment page.ps --
    fi
    has pdftocairo && to "$yes_/poppler.pdf" pdftocairo -pdf "$one"
    has pdfunite && to "$yes_/poppler-united.pdf" pdfunite "$one" "$one"
    has pdftk && to "$yes_/pdftk.pdf" pdftk "$one" cat 1 output
    has mutool && to "$yes_/mupdf.pdf" mutool clean -gggz "$one"
    has img2pdf && to "$yes_/img2pdf.pdf" img2pdf base.jpg -o
    has exiftool && to "$yes_/exiftool.pdf" exiftool -q -Title=Hello "$one" -o
}

words() { seq 1 "$1" | awk '{ print "Hello world, line " $1 ", " $1 * 7919 % 10007 " of it." }'; }
table() { seq 1 "$1" | awk '{ print $1 "," $1 * 7919 % 10007 ",text " $1 * 31 % 97 "," $1 / 8 }'; }

office() {
    local n filter
    for n in 1 300 3000 30000; do
        words $n > words-$n.txt
        table $n > table-$n.csv
    done
    {
        echo '<html><body><h1>Hello</h1>'
        for n in 1x1 40x30 640x480 1600x1200; do echo "<p>world <img src='plasma-$n.png'></p>"; done
        words 500 | sed 's/.*/<p>&<\/p>/'
        echo '<table>'
        table 200 | sed 's/,/<\/td><td>/g; s/.*/<tr><td>&<\/td><\/tr>/'
        echo '</table></body></html>'
    } > page.html
    if has soffice; then
        # Each line: where to, extension, filter, what it is made of.
        while IFS='|' read -r where extension filter name sources; do
            rm -rf converted && mkdir converted
            # shellcheck disable=SC2086
            soffice -env:UserInstallation="file://$work/profile" --headless --convert-to "$extension:$filter" \
                --outdir converted $sources > last.log 2>&1 < /dev/null
            for n in converted/*; do
                [[ -s $n ]] && mv "$n" "$out/$where/libreoffice-$name-$(basename "$n")" || echo "not made: libreoffice $name" >&2
            done
        done << 'LIST'
accepted|docx|MS Word 2007 XML|word2007|words-1.txt words-300.txt words-3000.txt words-30000.txt
accepted|docx|Office Open XML Text|ooxml|words-1.txt words-3000.txt
accepted|doc|MS Word 97|word97|words-1.txt words-300.txt words-3000.txt words-30000.txt
accepted|pdf|writer_pdf_Export|writer|words-1.txt words-300.txt
accepted|xlsx|Calc MS Excel 2007 XML|excel2007|table-1.csv table-300.csv table-3000.csv table-30000.csv
accepted|xlsx|Calc Office Open XML|ooxml|table-1.csv table-3000.csv
accepted|xls|MS Excel 97|excel97|table-1.csv table-300.csv table-3000.csv table-30000.csv
accepted|pdf|calc_pdf_Export|calc|table-1.csv table-300.csv
refused|docm|MS Word 2007 XML VBA|vba|words-1.txt words-3000.txt words-30000.txt
refused|dotx|MS Word 2007 XML Template|template|words-1.txt words-3000.txt
refused|xlsm|Calc MS Excel 2007 VBA XML|vba|table-1.csv table-3000.csv table-30000.csv
refused|xltx|Calc MS Excel 2007 XML Template|template|table-1.csv table-3000.csv
refused|odt|writer8|odf|words-1.txt words-3000.txt
refused|ott|writer8_template|odf|words-1.txt
refused|fodt|OpenDocument Text Flat XML|odf|words-1.txt
refused|rtf|Rich Text Format|rtf|words-1.txt
refused|epub|EPUB|epub|words-1.txt
refused|ods|calc8|odf|table-1.csv table-3000.csv
refused|dif|DIF|dif|table-1.csv
refused|slk|SYLK|sylk|table-1.csv
LIST
        rm -rf converted && mkdir converted
        soffice -env:UserInstallation="file://$work/profile" --headless --convert-to odt:writer8 --outdir converted page.html > last.log 2>&1
        for filter in 'accepted|docx:MS Word 2007 XML' 'accepted|doc:MS Word 97' 'accepted|pdf:writer_pdf_Export' 'refused|docm:MS Word 2007 XML VBA' 'refused|odt:writer8'; do
            rm -rf converted2 && mkdir converted2
            soffice -env:UserInstallation="file://$work/profile" --headless --convert-to "${filter#*|}" --outdir converted2 converted/page.odt > last.log 2>&1
            for n in converted2/*; do mv "$n" "$out/${filter%%|*}/libreoffice-pictures-$(basename "$n")"; done
        done
        # Slides are made of a drawing, since nothing else is there that Impress imports.
        for filter in pptx ppt odp potx pps; do
            rm -rf converted && mkdir converted
            soffice -env:UserInstallation="file://$work/profile" --headless --infilter=impress_svg_Import --convert-to "$filter" --outdir converted base.png > last.log 2>&1
            for n in converted/*; do [[ -s $n ]] && mv "$n" "$no/libreoffice-slides.$filter"; done
        done
    fi
    if has ssconvert; then
        for n in 1 300 3000 30000; do
            to "$yes_/gnumeric-8-$n.xls" ssconvert -T Gnumeric_Excel:excel_biff8 table-$n.csv
            to "$yes_/gnumeric-7-$n.xls" ssconvert -T Gnumeric_Excel:excel_biff7 table-$n.csv
            to "$yes_/gnumeric-both-$n.xls" ssconvert -T Gnumeric_Excel:excel_dsf table-$n.csv
            to "$yes_/gnumeric-$n.xlsx" ssconvert -T Gnumeric_Excel:xlsx table-$n.csv
            to "$yes_/gnumeric-strict-$n.xlsx" ssconvert -T Gnumeric_Excel:xlsx2 table-$n.csv
        done
        to "$no/gnumeric.ods" ssconvert table-300.csv
        to "$no/gnumeric.gnumeric" ssconvert table-300.csv
        to "$no/gnumeric-web.xls" ssconvert -T Gnumeric_html:html40 table-300.csv
    fi
    if has abiword; then
        for n in 1 300 3000; do
            to "$yes_/abiword-$n.docx" abiword --to=docx words-$n.txt -o
        done
        to "$no/abiword-rtf.doc" abiword --to=doc words-300.txt -o
        to "$no/abiword.abw" abiword --to=abw words-300.txt -o
        to "$no/abiword.odt" abiword --to=odt words-300.txt -o
        to "$yes_/abiword.pdf" abiword --to=pdf words-300.txt -o
    fi
    if has pandoc; then
        for n in 1 300 3000; do to "$yes_/pandoc-$n.docx" pandoc words-$n.txt -f markdown -o; done
        to "$yes_/pandoc-pictures.docx" pandoc page.html -o
        for filter in odt epub rtf pptx html tex ipynb fb2; do to "$no/pandoc.$filter" pandoc words-300.txt -f markdown -o; done
    fi
    if has perl && perl -MSpreadsheet::WriteExcel -e 1 2> /dev/null; then
        for n in 1 300 3000; do
            to "$yes_/perl-$n.xls" perl -MSpreadsheet::WriteExcel -e '$b = Spreadsheet::WriteExcel->new($ARGV[1]); $s = $b->add_worksheet;
                for $r (0 .. $ARGV[0]) { $s->write($r, $_, "$r text $_") for 0 .. 7 } $b->close' $n
        done
    fi
    if has perl && perl -MExcel::Writer::XLSX -e 1 2> /dev/null; then
        for n in 1 300 3000; do
            to "$yes_/perl-$n.xlsx" perl -MExcel::Writer::XLSX -e '$b = Excel::Writer::XLSX->new($ARGV[1]); $s = $b->add_worksheet;
                for $r (0 .. $ARGV[0]) { $s->write($r, $_, "$r text $_") for 0 .. 7 } $b->close' $n
        done
    fi
}

# The same documents, packed again as other programs would: any order, with and without sizes in front, stored, in 64 bits.
packed() {
    local source base n
    for source in "$yes_"/libreoffice-word2007-words-{1,3000}.docx "$yes_"/libreoffice-excel2007-table-{1,3000}.xlsx; do
        [[ -e $source ]] || continue
        base=$(basename "${source%.*}" | sed 's/libreoffice-//')
        n=${source##*.}
        rm -rf parts && mkdir parts && (cd parts && python3 -m zipfile -e "$source" .)
        if has zip; then
            (cd parts && zip -qr ../p.zip . && mv ../p.zip "$yes_/zip-$base.$n")
            (cd parts && zip -qr0 ../p.zip . && mv ../p.zip "$yes_/zip-stored-$base.$n")
            (cd parts && zip -qr - . | cat > "$yes_/zip-streamed-$base.$n")
            (cd parts && zip -qr -fz ../p.zip . && mv ../p.zip "$yes_/zip-64-$base.$n")
            (cd parts && zip -qrD -X ../p.zip '[Content_Types].xml' _rels . && mv ../p.zip "$yes_/zip-first-$base.$n")
            (cd parts && zip -qr -P secret ../p.zip . && mv ../p.zip "$no/zip-encrypted-$base.$n")
        fi
        has 7z && (cd parts && 7z a -tzip ../p.zip . > /dev/null && mv ../p.zip "$yes_/7z-$base.$n")
        has 7z && (cd parts && 7z a ../p.7z . > /dev/null && mv ../p.7z "$no/7z-$base.7z")
        has jar && (cd parts && jar -c -f "$no/jar-$base.$n" .)
        has jar && (cd parts && jar -c -M -f "$yes_/jar-$base.$n" .)
    done
    has zip && zip -q "$no/zip.zip" words-1.txt table-3000.csv
    has zip && zip -q0 "$no/zip-stored.zip" words-1.txt table-3000.csv
    has tar && tar czf "$no/tar.tgz" words-1.txt && tar cf "$no/tar.tar" words-1.txt
    has gzip && gzip -c words-1.txt > "$no/gzip.gz"
    has bzip2 && bzip2 -c words-1.txt > "$no/bzip2.bz2"
    has xz && xz -c words-1.txt > "$no/xz.xz"
    if has msibuild; then
        msibuild "$no/msitools.msi" -s 'Hello' 'World' 'Intel;1033' '{00000000-0000-0000-0000-000000000001}' > last.log 2>&1
    fi
    cp words-1.txt "$no/text.txt" && cp table-1.csv "$no/table.csv" && cp page.html "$no/page.html"
    cp /bin/true "$no/program.elf"
    printf '#!/bin/sh\necho hello\n' > "$no/script.sh"
}

pictures
films
pdfs
office
packed
python3=/usr/bin/python3
has $python3 && $python3 "$here/make.py" "$out" "$work"
find "$out" -type f -empty -delete
for folder in accepted refused; do
    echo "$folder: $(find "$out/$folder" -type f | wc -l)"
done
