package com.example.invoices;

import dev.filestore.Caller;
import dev.filestore.jpa.TransactionalFiles;
import jakarta.persistence.EntityManager;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class InvoiceService {

    private final InvoiceRepository invoices;
    private final EntityManager em;
    private final TransactionalFiles files = new TransactionalFiles();

    InvoiceService(InvoiceRepository invoices, EntityManager em) {
        this.invoices = invoices;
        this.em = em;
    }

    @Transactional(readOnly = true)
    List<Invoice> list(Caller caller) {
        return invoices.findByOwnerOrderById(caller.userId());
    }

    @Transactional(readOnly = true)
    Optional<Invoice> find(Caller caller, long id) {
        return caller.admin() ? invoices.findById(id) : invoices.findByIdAndOwner(id, caller.userId());
    }

    /** The files were uploaded before, and are temporary. After a rollback they still are, and expire by themselves. */
    @Transactional
    Invoice create(Caller caller, String number, BigDecimal amount, List<Long> attachments) {
        Invoice invoice = new Invoice(caller.userId(), number, amount, attachments);
        for (long file : invoice.attachments()) {
            files.keep(em, caller, file);
        }
        return invoices.save(invoice);
    }

    /** From the commit on nobody sees the files any more; the sweeper removes their bytes. */
    @Transactional
    boolean delete(Caller caller, long id) {
        Optional<Invoice> found = find(caller, id);
        found.ifPresent(invoice -> {
            invoices.delete(invoice);
            invoice.attachments().forEach(file -> files.discard(em, file));
        });
        return found.isPresent();
    }
}
