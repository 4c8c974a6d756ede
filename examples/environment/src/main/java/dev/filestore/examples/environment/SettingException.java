package dev.filestore.examples.environment;

import org.jspecify.annotations.Nullable;

/** A setting that cannot be used, told to whoever set it. The message names the setting and holds no secret. */
public final class SettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message which setting, what was found, what is wanted
     */
    public SettingException(String message) {
        this(message, null);
    }

    /**
     * Says what is wrong, and what was found out by trying.
     *
     * @param message which setting, what was found, what is wanted
     * @param cause what failed
     */
    public SettingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
