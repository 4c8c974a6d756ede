package com.example.invoices;

import dev.filestore.FileMissingException;
import dev.filestore.NotAuthorizedException;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.sql.SQLException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user is told when an invoice cannot be saved. */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    private static Response answer(int status, String detail) {
        return Response.status(status)
                .type("application/problem+json")
                .entity(Map.of("status", status, "detail", detail))
                .build();
    }

    @Provider
    public static class Foreign implements ExceptionMapper<NotAuthorizedException> {

        @Override
        public Response toResponse(NotAuthorizedException e) {
            return answer(403, "an attachment belongs to another user");
        }
    }

    @Provider
    public static class Missing implements ExceptionMapper<FileMissingException> {

        @Override
        public Response toResponse(FileMissingException e) {
            return answer(409, "an attachment is not there any more");
        }
    }

    @Provider
    public static class Taken implements ExceptionMapper<PersistenceException> {

        @Override
        public Response toResponse(PersistenceException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                // SQL:2023, class 23: a constraint is violated.
                if (cause instanceof SQLException refused
                        && refused.getSQLState() != null
                        && refused.getSQLState().startsWith("23")) {
                    return answer(409, "the number or an attachment is taken");
                }
            }
            LOG.error("the database failed", e);
            return answer(500, "the database failed");
        }
    }
}
