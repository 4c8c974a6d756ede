package dev.filestore.examples.fuzzing.forms;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a form.
 *
 * @param name the field's name
 * @param fileName the file's name; null where the part is a plain field
 * @param contentType what the part says of its type
 * @param contentDigest the field {@code Content-Digest}
 * @param reprDigest the field {@code Repr-Digest}
 * @param content the bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record Part(
        String name,
        @Nullable String fileName,
        @Nullable String contentType,
        @Nullable String contentDigest,
        @Nullable String reprDigest,
        byte[] content) {

    /** The content as text. */
    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Part that
                && name.equals(that.name)
                && Objects.equals(fileName, that.fileName)
                && Objects.equals(contentType, that.contentType)
                && Objects.equals(contentDigest, that.contentDigest)
                && Objects.equals(reprDigest, that.reprDigest)
                && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, fileName, Arrays.hashCode(content));
    }

    @Override
    public String toString() {
        return "Part[" + name + ", " + fileName + ", " + contentType + ", " + contentDigest + ", " + reprDigest + ", "
                + content.length + " bytes of hash " + Arrays.hashCode(content) + "]";
    }
}
