package dev.filestore.servlet;

import java.io.IOException;

/** A multipart body that is not well formed, or goes beyond the bounds. Its message is fit to be shown to the client. */
final class MalformedBodyException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedBodyException(String message) {
        super(message);
    }
}
