package dev.filestore.examples.benchmarks.subject;

import jakarta.persistence.EntityManager;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The servlets beside that of the store. */
final class Servlets {

    private Servlets() {}

    /** What no upload can do without: the container receives the body. */
    static final class Drop extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private static final int READ_BYTES = 64 * 1024;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            byte[] buffer = new byte[READ_BYTES];
            InputStream in = request.getInputStream();
            while (in.read(buffer) >= 0) {
                // Dropped.
            }
            answer(response, 0);
        }
    }

    /** The best that is written by hand: the file is the body itself. */
    static final class Raw extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private final transient HandWritten uploads;

        Raw(HandWritten uploads) {
            this.uploads = uploads;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            try {
                answer(response, uploads.store(request.getInputStream(), "report.pdf"));
            } catch (SQLException e) {
                throw new ServletException(e);
            }
        }
    }

    /** What most people write. */
    static final class Usual extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private final transient S3Client client;
        private final transient Rows rows;

        Usual(S3Client client, Rows rows) {
            this.client = client;
            this.rows = rows;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            Part part = request.getPart("file");
            String key = Puts.key();
            try (InputStream content = part.getInputStream()) {
                client.putObject(
                        put -> put.bucket(Clients.BUCKET).key(key).contentType(part.getContentType()),
                        RequestBody.fromInputStream(content, part.getSize()));
            }
            UsualUpload row = new UsualUpload(key, part.getSubmittedFileName(), part.getSize());
            try (EntityManager entities = rows.entities().createEntityManager()) {
                entities.getTransaction().begin();
                entities.persist(row);
                entities.getTransaction().commit();
            }
            Long id = row.id();
            answer(response, id == null ? 0 : id);
        }
    }

    private static void answer(HttpServletResponse response, long id) throws IOException {
        response.setContentType("application/json");
        byte[] body = ("{\"file_id\":" + id + "}").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
