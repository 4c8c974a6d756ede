package dev.filestore.examples.webapp;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.openqa.selenium.print.PageMargin;
import org.openqa.selenium.print.PrintOptions;

/** Files as users have them, made on the spot: pictures, a film, a printed page, a document of Word. */
final class SampleFiles {

    private static final String RECORD = """
            const done = arguments[0];
            const canvas = document.createElement("canvas");
            canvas.width = 640; canvas.height = 360;
            const context = canvas.getContext("2d");
            const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: "video/mp4", videoBitsPerSecond: 800000});
            const chunks = [];
            recorder.ondataavailable = (event) => chunks.push(event.data);
            recorder.onstop = () => {
              const reader = new FileReader();
              reader.onload = () => done(reader.result.split(",")[1]);
              reader.readAsDataURL(new Blob(chunks));
            };
            recorder.start();
            let frame = 0;
            const timer = setInterval(() => {
              const sky = context.createLinearGradient(0, 0, 0, 360);
              sky.addColorStop(0, "#0b3954"); sky.addColorStop(1, "#f7b267");
              context.fillStyle = sky; context.fillRect(0, 0, 640, 360);
              context.fillStyle = "#fff3d6"; context.beginPath();
              context.arc(80 + frame * 16, 210 - Math.sin(frame / 8) * 110, 42, 0, 7); context.fill();
              context.fillStyle = "#14213d"; context.beginPath(); context.moveTo(0, 360);
              for (let x = 0; x <= 640; x += 8) context.lineTo(x, 275 + Math.sin(x / 70) * 26 + Math.sin(x / 23) * 7);
              context.lineTo(640, 360); context.fill();
              if (++frame === 30) { clearInterval(timer); recorder.stop(); }
            }, 40);
            """;

    private static final String INVOICE = """
            <title>Invoice</title><body style="font:14px sans-serif;color:#222;margin:40px">
            <h1 style="color:#4f46e5;letter-spacing:-1px">Invoice 2026-117</h1><p>Hanok Studio, Seoul &rarr; Example Ltd, Berlin
            <table style="width:100%;border-collapse:collapse;margin-top:30px" cellpadding=10>
            <tr style="background:#eee;text-align:left"><th>Item<th>Days<th>Sum<tr><td>Photographs of the harbour<td>2<td>1,400.00
            <tr><td>Film, one minute<td>3<td>2,650.00<tr><td>Rights for a year<td><td>600.00
            <tr style="font-weight:bold;border-top:2px solid #222"><td>Total<td>5<td>4,650.00</table>
            <p style="margin-top:40px">Payable within 30 days. Thank you.""";

    private SampleFiles() {}

    /** A landscape, another for each seed. */
    static byte[] picture(int seed, String format, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Random random = new Random(seed);
        float hue = seed * 0.618034f % 1;
        graphics.setPaint(new GradientPaint(
                0, 0, Color.getHSBColor(hue, 0.45f, 0.95f), 0, height, Color.getHSBColor(hue + 0.12f, 0.25f, 1f)));
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(new Color(255, 250, 225));
        int sun = height / 5;
        graphics.fillOval(random.nextInt(width - sun), height / 8, sun, sun);
        for (int hill = 1; hill <= 4; hill++) {
            graphics.setColor(Color.getHSBColor(hue + 0.5f, 0.3f + hill * 0.1f, 0.75f - hill * 0.14f));
            Path2D line = new Path2D.Double();
            line.moveTo(0, height);
            double shift = random.nextDouble() * 6;
            for (int x = 0; x <= width; x += 4) {
                line.lineTo(
                        x,
                        height * (0.4 + hill * 0.12)
                                + Math.sin(x * 3.0 / width * hill + shift) * height * 0.07
                                + Math.sin(x * 11.0 / width + shift) * height * 0.02);
            }
            line.lineTo(width, height);
            graphics.fill(line);
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, bytes)) {
            throw new IOException("this JDK writes no " + format);
        }
        return bytes.toByteArray();
    }

    /** A film of a second and some, which the browser records. */
    static byte[] film(Browser browser) {
        browser.driver.get("about:blank");
        return Base64.getDecoder().decode((String) browser.asyncScript(RECORD));
    }

    /** A page that the browser prints. */
    static byte[] pdf(Browser browser) {
        browser.driver.get("data:text/html;base64,"
                + Base64.getEncoder().encodeToString(INVOICE.getBytes(StandardCharsets.UTF_8)));
        PrintOptions options = new PrintOptions();
        options.setPageMargin(new PageMargin(1, 1, 1, 1));
        return Base64.getDecoder().decode(browser.driver.print(options).getContent());
    }

    /** A document of Word, as small as it can be. */
    static byte[] docx() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("[Content_Types].xml"));
            zip.write(
                    ("<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                                    + "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-"
                                    + "officedocument.wordprocessingml.document.main+xml\"/></Types>")
                            .getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("word/document.xml"));
            zip.write("<w:document/>".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** A PDF of that many bytes, in a file of its own. */
    static Path pdf(Path folder, String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        byte[] head = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, bytes, 0, head.length);
        return file(folder, name, bytes);
    }

    static Path file(Path folder, String name, byte[] bytes) throws IOException {
        return Files.write(Files.createDirectories(folder).resolve(name), bytes);
    }
}
