package dev.filestore.examples.benchmarks.subject;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** The row of those who write their uploads by hand; the provider reads the fields. */
@Entity
@SuppressWarnings("UnusedVariable")
@Table(name = "usual_upload")
class UsualUpload {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Column(name = "file_key")
    private @Nullable String key;

    private @Nullable String name;
    private long size;
    private @Nullable String sha256;
    private @Nullable String state;

    /** For the persistence provider. */
    protected UsualUpload() {}

    UsualUpload(String key, String name, long size) {
        this.key = key;
        this.name = name;
        this.size = size;
        this.state = "AVAILABLE";
    }

    @Nullable
    Long id() {
        return id;
    }
}
