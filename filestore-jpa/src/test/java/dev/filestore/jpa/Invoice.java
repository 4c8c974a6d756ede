package dev.filestore.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of an application's own, which names a file. */
@Entity
@Table(name = "invoices")
class Invoice {

    @Id
    private long id;

    @Column(nullable = false)
    private String title;

    @Column(name = "file_id")
    private Long fileId;

    protected Invoice() {}

    Invoice(long id, String title, Long fileId) {
        this.id = id;
        this.title = title;
        this.fileId = fileId;
    }

    Long fileId() {
        return fileId;
    }

    void setFileId(Long fileId) {
        this.fileId = fileId;
    }
}
