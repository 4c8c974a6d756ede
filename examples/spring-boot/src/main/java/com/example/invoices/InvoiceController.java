package com.example.invoices;

import dev.filestore.Caller;
import dev.filestore.FileMissingException;
import dev.filestore.NotAuthorizedException;
import dev.filestore.servlet.AccessPolicy;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/invoices")
class InvoiceController {

    private final InvoiceService invoices;
    private final AccessPolicy access;

    InvoiceController(InvoiceService invoices, AccessPolicy access) {
        this.invoices = invoices;
        this.access = access;
    }

    record Draft(String number, BigDecimal amount, @Nullable List<Long> attachments) {}

    record Shown(@Nullable Long id, String number, BigDecimal amount, List<Long> attachments) {

        static Shown of(Invoice invoice) {
            return new Shown(invoice.id(), invoice.number(), invoice.amount(), invoice.attachments());
        }
    }

    @GetMapping
    List<Shown> list(HttpServletRequest request) {
        return invoices.list(caller(request)).stream().map(Shown::of).toList();
    }

    @GetMapping("/{id}")
    ResponseEntity<Shown> find(HttpServletRequest request, @PathVariable("id") long id) {
        return ResponseEntity.of(invoices.find(caller(request), id).map(Shown::of));
    }

    @PostMapping
    ResponseEntity<Shown> create(HttpServletRequest request, @RequestBody Draft draft) {
        List<Long> attachments = draft.attachments() == null ? List.of() : draft.attachments();
        Invoice invoice = invoices.create(caller(request), draft.number(), draft.amount(), attachments);
        return ResponseEntity.created(URI.create("/api/invoices/" + invoice.id()))
                .body(Shown.of(invoice));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(HttpServletRequest request, @PathVariable("id") long id) {
        return invoices.delete(caller(request), id)
                ? ResponseEntity.noContent().build()
                : ResponseEntity.notFound().build();
    }

    /** The user, as the servlet of the files knows them. */
    private Caller caller(HttpServletRequest request) {
        return access.authenticate(request).orElseThrow();
    }

    @ExceptionHandler
    ProblemDetail foreign(NotAuthorizedException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.FORBIDDEN, "an attachment belongs to another user");
    }

    @ExceptionHandler
    ProblemDetail missing(FileMissingException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "an attachment is not there any more");
    }

    @ExceptionHandler
    ProblemDetail taken(DataIntegrityViolationException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "the number or an attachment is taken");
    }
}
