package com.example.invoices;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface InvoiceRepository extends JpaRepository<Invoice, Long> {

    List<Invoice> findByOwnerOrderById(String owner);

    Optional<Invoice> findByIdAndOwner(long id, String owner);
}
