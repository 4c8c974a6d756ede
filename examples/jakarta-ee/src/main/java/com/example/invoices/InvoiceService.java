package com.example.invoices;

import dev.filestore.Caller;
import dev.filestore.jpa.TransactionalFiles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

@ApplicationScoped
public class InvoiceService {

    @PersistenceContext
    private EntityManager em;

    private final TransactionalFiles files = new TransactionalFiles();

    @Transactional
    List<Invoice> list(Caller caller) {
        return em.createQuery("select i from Invoice i where i.owner = :owner order by i.id", Invoice.class)
                .setParameter("owner", caller.userId())
                .getResultList();
    }

    @Transactional
    Optional<Invoice> find(Caller caller, long id) {
        return Optional.ofNullable(em.find(Invoice.class, id))
                .filter(invoice -> caller.admin() || invoice.owner().equals(caller.userId()));
    }

    /** The files were uploaded before, and are temporary. After a rollback they still are, and expire by themselves. */
    @Transactional
    Invoice create(Caller caller, String number, BigDecimal amount, List<Long> attachments) {
        Invoice invoice = new Invoice(caller.userId(), number, amount, attachments);
        for (long file : invoice.attachments()) {
            files.keep(em, caller, file);
        }
        em.persist(invoice);
        em.flush(); // what the database refuses is thrown here, and not wrapped by the commit
        return invoice;
    }

    /** From the commit on nobody sees the files any more; the sweeper removes their bytes. */
    @Transactional
    boolean delete(Caller caller, long id) {
        Optional<Invoice> found = find(caller, id);
        found.ifPresent(invoice -> {
            em.remove(invoice);
            invoice.attachments().forEach(file -> files.discard(em, file));
        });
        return found.isPresent();
    }
}
