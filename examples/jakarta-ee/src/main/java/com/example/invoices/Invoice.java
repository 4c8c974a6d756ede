package com.example.invoices;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "invoices")
class Invoice {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String owner;

    private String number;

    private BigDecimal amount;

    /** The ids of files. */
    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(name = "invoice_attachments", joinColumns = @JoinColumn(name = "invoice_id"))
    @Column(name = "file_id")
    private Set<Long> attachments;

    /** For the persistence provider, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected Invoice() {}

    Invoice(String owner, String number, BigDecimal amount, Collection<Long> attachments) {
        this.owner = owner;
        this.number = number;
        this.amount = amount;
        this.attachments = new TreeSet<>(attachments);
    }

    @Nullable
    Long id() {
        return id;
    }

    String owner() {
        return owner;
    }

    String number() {
        return number;
    }

    BigDecimal amount() {
        return amount;
    }

    /** In the order of their ids: transactions that lock several of the same files never wait for each other in a ring. */
    List<Long> attachments() {
        return attachments.stream().sorted().toList();
    }
}
